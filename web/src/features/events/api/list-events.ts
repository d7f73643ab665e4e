import { infiniteQueryOptions } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';
import { cursorOf } from '@/api/cursor';
import type { VigilEvent } from '@/api/types';
import type { Filters } from '../filters';

export const eventListsKey = ['events', 'list'] as const;

/** Events, newest first, a page at a time. */
export function eventsQuery(filters: Filters = {}) {
  return infiniteQueryOptions({
    queryKey: [...eventListsKey, filters] as const,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      dataOf(client.GET('/api/v1/events/', { params: { query: queryOf(filters, pageParam) }, signal })),
    getNextPageParam: (page) => cursorOf(page.next),
    // The feed keeps it fresh.
    staleTime: 60_000,
  });
}

function queryOf({ camera, status, severity }: Filters, cursor: string | undefined) {
  return { camera, status: status && [status], severity: severity && [severity], cursor };
}

/** More than so many changed events at once, and the lists are loaded anew instead. */
const MOST_PAGES = 4;

/** The events of a site that changed after this number of its sequence; null where there are too many. */
export async function eventsSince(site: number, since: number): Promise<VigilEvent[] | null> {
  const events: VigilEvent[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = { site, since, cursor };
    const answer = await dataOf(client.GET('/api/v1/events/', { params: { query } }));
    events.push(...answer.results);
    cursor = cursorOf(answer.next);
    if (cursor === undefined) return events;
  }
  return null;
}
