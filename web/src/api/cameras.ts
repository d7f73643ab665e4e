import { queryOptions } from '@tanstack/react-query';
import { client, dataOf } from './client';
import { cursorOf } from './cursor';
import type { Camera } from './types';

export const camerasKey = ['cameras'] as const;

/** All cameras of the user's sites, by name. */
export const camerasQuery = queryOptions({
  queryKey: camerasKey,
  staleTime: 2_000,
  queryFn: async ({ signal }): Promise<Camera[]> => {
    const cameras: Camera[] = [];
    let cursor: string | undefined;
    do {
      const page = await dataOf(client.GET('/api/v1/cameras/', { params: { query: { cursor } }, signal }));
      cameras.push(...page.results);
      cursor = cursorOf(page.next);
    } while (cursor !== undefined);
    return cameras;
  },
});
