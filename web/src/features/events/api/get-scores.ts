import { queryOptions } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';

/** The scores of each second around an event. They come in while it lasts. */
export function scoresQuery(id: string, open: boolean) {
  return queryOptions({
    queryKey: ['events', 'scores', id] as const,
    refetchInterval: open ? 3_000 : false,
    queryFn: ({ signal }) =>
      dataOf(client.GET('/api/v1/events/{id}/scores', { params: { path: { id } }, signal })),
  });
}
