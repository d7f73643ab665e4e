import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { EventDetail, VigilEvent } from '@/api/types';
import { eventKey } from '../api/get-event';
import { eventListsKey } from '../api/list-events';
import { matches, type Filters } from '../filters';

interface Page {
  results: VigilEvent[];
  next?: string | null;
  previous?: string | null;
}

export type Pages = InfiniteData<Page, string | undefined>;

/** Puts an event, as the server last showed it, into every list and detail in the cache. An older one than what is
 * there changes nothing, so it does not matter in which order answers and messages come, or how often. */
export function upsertEvent(queryClient: QueryClient, event: VigilEvent): void {
  for (const [key, pages] of queryClient.getQueriesData<Pages>({ queryKey: eventListsKey })) {
    if (pages === undefined) continue;
    queryClient.setQueryData(key, withEvent(pages, event, (key[2] ?? {}) as Filters));
  }
  const detail = queryClient.getQueryData<EventDetail>(eventKey(event.id));
  if (detail === undefined || detail.sequence >= event.sequence) return;
  queryClient.setQueryData(eventKey(event.id), { ...detail, ...event });
  // Its new transition comes with the detail only.
  void queryClient.invalidateQueries({ queryKey: eventKey(event.id) });
}

/** Whether any list or detail in the cache holds the event. */
export function isCached(queryClient: QueryClient, id: string): boolean {
  return (
    queryClient.getQueryData(eventKey(id)) !== undefined ||
    queryClient
      .getQueriesData<Pages>({ queryKey: eventListsKey })
      .some(([, pages]) => pages?.pages.some(({ results }) => results.some((event) => event.id === id)))
  );
}

/** The pages of one list with the event where it belongs, or without it where it no longer does. */
export function withEvent(pages: Pages, event: VigilEvent, filters: Filters): Pages {
  const present = pages.pages.flatMap(({ results }) => results).find(({ id }) => id === event.id);
  if (present !== undefined && present.sequence >= event.sequence) return pages;
  if (!matches(filters, event)) return present === undefined ? pages : without(pages, event.id);
  if (present !== undefined) {
    return mapResults(pages, (results) => results.map((old) => (old.id === event.id ? event : old)));
  }
  return inserted(pages, event);
}

function inserted(pages: Pages, event: VigilEvent): Pages {
  const home = pages.pages.findIndex(
    ({ results, next }) => !next || results.some((other) => isNewer(event, other)),
  );
  // It is older than all that was loaded: it will come with its page.
  if (home === -1) return pages;
  return mapResults(pages, (results, index) => {
    if (index !== home) return results;
    const place = results.findIndex((other) => isNewer(event, other));
    return place === -1 ? [...results, event] : results.toSpliced(place, 0, event);
  });
}

function without(pages: Pages, id: string): Pages {
  return mapResults(pages, (results) => results.filter((event) => event.id !== id));
}

function mapResults(pages: Pages, change: (results: VigilEvent[], index: number) => VigilEvent[]): Pages {
  return {
    ...pages,
    pages: pages.pages.map((page, index) => ({ ...page, results: change(page.results, index) })),
  };
}

function isNewer(event: VigilEvent, other: VigilEvent): boolean {
  const [a, b] = [Date.parse(event.started_at), Date.parse(other.started_at)];
  return a === b ? event.id > other.id : a > b;
}
