import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';
import { allOf } from '@/api/pages';
import type { ApiKey, Role } from '@/api/types';

export const keysKey = ['keys'] as const;

/** My API keys that have not ended. */
export const keysQuery = queryOptions({
  queryKey: keysKey,
  queryFn: ({ signal }): Promise<ApiKey[]> =>
    allOf((cursor) => dataOf(client.GET('/api/v1/auth/keys/', { params: { query: { cursor } }, signal }))),
});

export interface KeyRequest {
  name: string;
  /** The highest role that it acts in. */
  role: Role;
  /** The only site it opens; null for all. */
  site: number | null;
  /** ISO 8601; null for never. */
  expires_at: string | null;
}

/** Makes an API key; the answer has its secret, which is shown this once. */
export function useMakeKey() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: KeyRequest) => dataOf(client.POST('/api/v1/auth/keys/', { body })),
    meta: { handled: () => true },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keysKey }),
  });
}

export function useRevokeKey() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      dataOf(client.DELETE('/api/v1/auth/keys/{id}/', { params: { path: { id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keysKey }),
  });
}
