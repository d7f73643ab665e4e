import { QueryClient } from '@tanstack/react-query';
import { http, HttpResponse } from 'msw';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { inboxKey } from '@/api/inbox-key';
import { FakeWebSocket } from '@/testing/fake-web-socket';
import { anEvent, SITE } from '@/testing/rows';
import { api, page, server } from '@/testing/server';
import { eventsQuery } from '../api/list-events';
import type { Pages } from './cache';
import { isCached } from './cache';
import { EventFeed } from './event-feed';
import { Unread } from './unread';

const { queryKey } = eventsQuery();
const unreadKey = [...inboxKey, 'unread'];
let queryClient: QueryClient;
let feed: EventFeed;
let unread: Unread;
/** The `since` of each request for what was missed. */
let asked: (string | null)[];

beforeEach(() => {
  asked = [];
  queryClient = new QueryClient();
  queryClient.setQueryData<Pages>(queryKey, {
    pages: [{ results: [anEvent({ id: 'old', sequence: 5 })], next: null, previous: null }],
    pageParams: [undefined],
  });
  unread = new Unread((id) => isCached(queryClient, id));
  feed = new EventFeed(queryClient, unread);
  feed.open();
});

afterEach(() => feed.close());

const socket = () => FakeWebSocket.latest('/ws/events');
const listed = () => queryClient.getQueryData<Pages>(queryKey)?.pages[0]?.results.map(({ id }) => id);

function greet(sequence: number) {
  socket().accept();
  socket().say({ type: 'hello', sites: { [SITE]: sequence } });
}

function change(id: string, sequence: number, changes = {}) {
  const event = anEvent({ id, sequence, started_at: `2026-11-22T15:00:0${sequence}Z`, ...changes });
  socket().say({ type: 'event.changed', site: SITE, sequence, event });
  return event;
}

/** What the server answers to `since`. */
function missed(...events: ReturnType<typeof anEvent>[]) {
  server.use(
    http.get(api('events/'), ({ request }) => {
      asked.push(new URL(request.url).searchParams.get('since'));
      return page(events);
    }),
  );
}

describe('the feed of events', () => {
  it('puts what it is told into the list, once and without asking', () => {
    missed();
    greet(5);
    change('new', 6);
    change('new', 6);
    expect(listed()).toEqual(['new', 'old']);
    expect(asked).toEqual([]);
  });

  it('asks for what was missed where the numbers have a gap', async () => {
    missed(anEvent({ id: 'missed', sequence: 6 }), anEvent({ id: 'new', sequence: 7 }));
    greet(5);
    change('new', 7);
    await vi.waitFor(() => expect(listed()).toContain('missed'));
    change('next', 8);
    expect(asked).toEqual(['5']);
  });

  it('asks again when the number told next shows that asking failed', async () => {
    server.use(
      http.get(
        api('events/'),
        () => {
          asked.push('failed');
          return new HttpResponse(null, { status: 503 });
        },
        { once: true },
      ),
    );
    greet(5);
    change('new', 7);
    await vi.waitFor(() => expect(asked).toEqual(['failed']));
    missed(anEvent({ id: 'missed', sequence: 6 }));
    await vi.waitFor(() => {
      socket().say({ type: 'sequence', sites: { [SITE]: 7 } });
      expect(listed()).toContain('missed');
    });
    expect(asked).toEqual(['failed', '5']);
  });

  it('learns of a missed last change from the number told regularly', async () => {
    missed(anEvent({ id: 'last', sequence: 6 }));
    greet(5);
    socket().say({ type: 'sequence', sites: { [SITE]: 6 } });
    await vi.waitFor(() => expect(listed()).toContain('last'));
  });

  it('asks, after a reconnect, for what happened meanwhile', async () => {
    missed(anEvent({ id: 'meanwhile', sequence: 9 }));
    greet(5);
    socket().break();
    await vi.waitFor(() => expect(FakeWebSocket.made).toHaveLength(2), 2_000);
    greet(9);
    await vi.waitFor(() => expect(listed()).toContain('meanwhile'));
    expect(asked).toEqual(['5']);
  });

  it('has the inbox asked for when the server says that it changed, and after each greeting', () => {
    queryClient.setQueryData(unreadKey, 0);
    const isOld = () => queryClient.getQueryState(unreadKey)?.isInvalidated;
    greet(5);
    expect(isOld()).toBe(true);
    queryClient.setQueryData(unreadKey, 1);
    socket().say({ type: 'sequence', sites: { [SITE]: 5 } });
    change('new', 6);
    expect(isOld()).toBe(false);
    socket().say({ type: 'inbox.changed' });
    expect(isOld()).toBe(true);
  });

  it('polls while the socket is down', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    feed.close();
    feed.open();
    missed(anEvent({ id: 'polled', sequence: 6 }));
    greet(5);
    socket().break();
    await vi.advanceTimersByTimeAsync(5_000);
    await vi.waitFor(() => expect(listed()).toContain('polled'));
  });
});

describe('unread events', () => {
  it('are those that nobody has seen and nobody has taken on', () => {
    greet(5);
    change('one', 6);
    change('two', 7);
    change('old', 8);
    expect([...unread.ids.get()]).toEqual(['one', 'two']);
    change('one', 9, { status: 'acknowledged' });
    expect([...unread.ids.get()]).toEqual(['two']);
  });

  it('are none while the list is looked at', () => {
    greet(5);
    change('one', 6);
    unread.watch(true);
    change('two', 7);
    expect(unread.ids.get().size).toBe(0);
  });
});
