import { queryOptions } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';

export const eventKey = (id: string) => ['events', 'detail', id] as const;

/** One event with all its changes. */
export function eventQuery(id: string) {
  return queryOptions({
    queryKey: eventKey(id),
    queryFn: ({ signal }) => dataOf(client.GET('/api/v1/events/{id}/', { params: { path: { id } }, signal })),
  });
}
