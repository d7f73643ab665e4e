import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';
import { allOf } from '@/api/pages';
import type { Channel, ChannelKind, Severity } from '@/api/types';

const channelsKey = ['notifications', 'channels'] as const;

/** My own channels; those of the sites that I manage are not among them. */
export const channelsQuery = queryOptions({
  queryKey: channelsKey,
  queryFn: async ({ signal }): Promise<Channel[]> => {
    const channels = await allOf((cursor) =>
      dataOf(client.GET('/api/v1/notifications/channels/', { params: { query: { cursor } }, signal })),
    );
    return channels.filter(({ site }) => site == null);
  },
});

export interface NewChannel {
  kind: ChannelKind;
  name: string;
  target: Record<string, string>;
}

export function useAddChannel() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: NewChannel) => dataOf(client.POST('/api/v1/notifications/channels/', { body })),
    meta: { handled: () => true },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: channelsKey }),
  });
}

export interface ChannelChange {
  enabled?: boolean;
  /** Nothing below goes there. */
  severity_floor?: Severity;
}

export function useChangeChannel(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: ChannelChange) =>
      dataOf(client.PATCH('/api/v1/notifications/channels/{id}/', { params: { path: { id } }, body })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: channelsKey }),
  });
}

/** @param onRemoved called even where the row has gone by then. */
export function useRemoveChannel(onRemoved: () => void) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      dataOf(client.DELETE('/api/v1/notifications/channels/{id}/', { params: { path: { id } } })),
    onSuccess: onRemoved,
    onSettled: () => queryClient.invalidateQueries({ queryKey: channelsKey }),
  });
}

/** Sends a test message, at most ten seconds long; the answer says what became of it. */
export function useTestChannel(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () =>
      dataOf(client.POST('/api/v1/notifications/channels/{id}/test', { params: { path: { id } } })),
    // A channel whose target has gone is switched off by it.
    onSettled: () => queryClient.invalidateQueries({ queryKey: channelsKey }),
  });
}
