import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';
import { cursorOf } from '@/api/cursor';
import { inboxKey } from '@/api/inbox-key';

const unreadKey = [...inboxKey, 'unread'] as const;
/** A hint of the socket may be lost on its way, and nobody tells of that. Milliseconds. */
const ASK_ANYWAY = 60_000;

/** What I was told within Vigil, newest first, a page at a time. */
export const inboxQuery = infiniteQueryOptions({
  queryKey: [...inboxKey, 'list'] as const,
  initialPageParam: undefined as string | undefined,
  queryFn: ({ pageParam: cursor, signal }) =>
    dataOf(client.GET('/api/v1/notifications/inbox/', { params: { query: { cursor } }, signal })),
  getNextPageParam: (page) => cursorOf(page.next),
  staleTime: 2_000,
});

/** How much of it I have not read. The feed of events, whose socket also tells of the inbox, keeps it fresh;
 * it is asked for once a minute beside that. */
export const unreadQuery = queryOptions({
  queryKey: unreadKey,
  staleTime: 2_000,
  refetchInterval: ASK_ANYWAY,
  queryFn: async ({ signal }) => {
    const { unread } = await dataOf(client.GET('/api/v1/notifications/inbox/unread', { signal }));
    return unread;
  },
});

/** Marks these items as read, or all of them. */
export function useMarkRead() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (ids?: string[]) =>
      dataOf(client.POST('/api/v1/notifications/inbox/read', { body: ids === undefined ? {} : { ids } })),
    onSuccess: ({ unread }) => {
      queryClient.setQueryData(unreadKey, unread);
      return queryClient.invalidateQueries({ queryKey: inboxQuery.queryKey });
    },
  });
}
