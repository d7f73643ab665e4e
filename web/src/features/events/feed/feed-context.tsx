import { useQueryClient } from '@tanstack/react-query';
import { createContext, use, type ReactNode } from 'react';
import { useOpened } from '@/hooks/use-opened';
import { isCached } from './cache';
import { EventFeed } from './event-feed';
import { Unread } from './unread';

interface Feed {
  feed: EventFeed;
  unread: Unread;
  open: () => void;
  close: () => void;
}

const FeedContext = createContext<Feed | null>(null);

/** Keeps the events of everything inside it fresh. */
export function FeedProvider({ children }: { children: ReactNode }) {
  const queryClient = useQueryClient();
  const feed = useOpened<Feed>(() => {
    const unread = new Unread((id) => isCached(queryClient, id));
    const events = new EventFeed(queryClient, unread);
    return { feed: events, unread, open: () => events.open(), close: () => events.close() };
  });
  return <FeedContext value={feed}>{children}</FeedContext>;
}

export function useFeed(): Feed {
  const feed = use(FeedContext);
  if (feed === null) throw new Error('useFeed outside of FeedProvider');
  return feed;
}
