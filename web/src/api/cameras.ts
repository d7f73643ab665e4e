import { queryOptions } from '@tanstack/react-query';
import { client, dataOf } from './client';
import { allOf } from './pages';
import type { Camera } from './types';

export const camerasKey = ['cameras'] as const;

/** All cameras of the user's sites, by name. */
export const camerasQuery = queryOptions({
  queryKey: camerasKey,
  staleTime: 2_000,
  queryFn: ({ signal }): Promise<Camera[]> =>
    allOf((cursor) => dataOf(client.GET('/api/v1/cameras/', { params: { query: { cursor } }, signal }))),
});
