import { act, screen, waitFor } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { describe, expect, it, vi } from 'vitest';
import type { InboxItem } from '@/api/types';
import { FakeWebSocket } from '@/testing/fake-web-socket';
import { openApp } from '@/testing/open-app';
import { EVENT, SITE } from '@/testing/rows';
import { api, page, server } from '@/testing/server';

const ITEM = '55555555-5555-4555-8555-555555555555';

/** An inbox of one item that was not read. */
function serveInbox() {
  let item: InboxItem = {
    id: ITEM,
    site: SITE,
    severity: 'high',
    title: 'Gate: something unusual',
    body: 'Began at 14:00.',
    link: `/events/${EVENT}`,
    at: '2026-11-22T14:00:00Z',
    created_at: '2026-11-22T14:00:00Z',
    read_at: null,
  };
  const read: unknown[] = [];
  const unread = () => HttpResponse.json({ unread: item.read_at === null ? 1 : 0 });
  server.use(
    http.get(api('notifications/inbox/'), () => page([item])),
    http.get(api('notifications/inbox/unread'), unread),
    http.post(api('notifications/inbox/read'), async ({ request }) => {
      read.push(await request.json());
      item = { ...item, read_at: '2026-11-22T14:01:00Z' };
      return unread();
    }),
  );
  return read;
}

/** A count of what is unread that a test changes, and how often it was asked for. */
function serveUnread() {
  const inbox = { unread: 0, asked: 0 };
  server.use(
    http.get(api('notifications/inbox/unread'), () => {
      inbox.asked += 1;
      return HttpResponse.json({ unread: inbox.unread });
    }),
  );
  return inbox;
}

/** The application with an open socket and nothing left to ask, on a clock of the test. */
async function openConnected() {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const inbox = serveUnread();
  const { queryClient } = openApp('/events');
  await screen.findByRole('link', { name: 'Inbox' });
  const socket = FakeWebSocket.latest('/ws/events');
  act(() => socket.accept());
  await waitFor(() => expect(inbox.asked).toBeGreaterThan(0));
  await waitFor(() => expect(queryClient.isFetching()).toBe(0));
  return { inbox, socket };
}

/** Lets so many seconds go by in which the socket is alive and tells nothing of the inbox. */
async function passQuietly(socket: FakeWebSocket, seconds: number) {
  for (let second = 0; second < seconds; second += 5) {
    await vi.advanceTimersByTimeAsync(5_000);
    live(socket);
  }
}

/** Without it, the line counts as dead after a while, and the feed asks by itself. */
function live(socket: FakeWebSocket) {
  socket.say({ type: 'sequence', sites: {} });
}

describe('the bell', () => {
  it('rings as soon as the server says so, and asks nobody for half a minute', async () => {
    const { inbox, socket } = await openConnected();
    // Until the socket was accepted, the feed asked by itself: how often depends on the machine.
    const before = inbox.asked;
    await passQuietly(socket, 30);
    expect(inbox.asked).toBe(before);
    inbox.unread = 2;
    socket.say({ type: 'inbox.changed' });
    expect(await screen.findByRole('link', { name: 'Inbox: 2 unread' })).toBeVisible();
  });

  it('rings within a minute where the word of the server was lost', async () => {
    const { inbox, socket } = await openConnected();
    inbox.unread = 1;
    await passQuietly(socket, 60);
    await waitFor(() => {
      live(socket);
      expect(screen.getByRole('link', { name: 'Inbox: 1 unread' })).toBeVisible();
    });
  });

  it('asks by itself while its socket is away', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const inbox = serveUnread();
    openApp('/events');
    await screen.findByRole('link', { name: 'Inbox' });
    act(() => FakeWebSocket.latest('/ws/events').break());
    inbox.unread = 1;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await screen.findByRole('link', { name: 'Inbox: 1 unread' })).toBeVisible();
  });
});

describe('the inbox', () => {
  it('is counted in the shell, and emptied of what is unread at once', async () => {
    const read = serveInbox();
    const { person, router } = openApp('/live');
    await person.click(await screen.findByRole('link', { name: 'Inbox: 1 unread' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/inbox'));
    await person.click(await screen.findByRole('button', { name: 'Mark all as read' }));
    expect(await screen.findByRole('link', { name: 'Inbox' })).toBeVisible();
    expect(read).toEqual([{}]);
    await waitFor(() => expect(screen.getByRole('heading', { name: 'Inbox' })).toHaveFocus());
  });

  it('leads to the event, and has read what it led to', async () => {
    const read = serveInbox();
    const { person, router } = openApp('/inbox');
    await person.click(await screen.findByRole('link', { name: /Gate: something unusual/ }));
    await waitFor(() => expect(router.state.location.pathname).toBe(`/events/${EVENT}`));
    expect(read).toEqual([{ ids: [ITEM] }]);
  });
});
