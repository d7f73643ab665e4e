import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';
import type { Preference } from '@/api/types';

/** When and of what I want to be told. */
export const preferencesQuery = queryOptions({
  queryKey: ['notifications', 'preferences'] as const,
  queryFn: ({ signal }) => dataOf(client.GET('/api/v1/notifications/preferences', { signal })),
});

export function useChangePreferences() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: Preference) => dataOf(client.PATCH('/api/v1/notifications/preferences', { body })),
    meta: { handled: () => true },
    onSuccess: (preference) => queryClient.setQueryData(preferencesQuery.queryKey, preference),
  });
}
