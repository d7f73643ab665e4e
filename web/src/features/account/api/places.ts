import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';
import { sessionKey } from '@/api/session';
import type { Place } from '@/api/types';

export const placesKey = ['places'] as const;

/** Where I am logged in, the place seen last first. */
export const placesQuery = queryOptions({
  queryKey: placesKey,
  queryFn: async ({ signal }): Promise<Place[]> => {
    const { results } = await dataOf(client.GET('/api/v1/auth/sessions/', { signal }));
    return results;
  },
});

/** Logs me out at one place. */
export function useEndPlace() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      dataOf(client.DELETE('/api/v1/auth/sessions/{id}/', { params: { path: { id } } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: placesKey }),
  });
}

/** Ends all my sessions, tokens and API keys, this session too. */
export function useLogOutEverywhere() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => dataOf(client.POST('/api/v1/auth/logout-everywhere')),
    onSuccess: () => {
      queryClient.clear();
      queryClient.setQueryData(sessionKey, null);
    },
  });
}
