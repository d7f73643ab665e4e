import { screen, waitFor } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import type { InboxItem } from '@/api/types';
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

describe('the inbox', () => {
  it('is counted in the shell, and emptied of what is unread at once', async () => {
    const read = serveInbox();
    const { person, router } = openApp('/live');
    await person.click(await screen.findByRole('link', { name: 'Inbox: 1 unread' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/inbox'));
    await person.click(await screen.findByRole('button', { name: 'Mark all as read' }));
    expect(await screen.findByRole('link', { name: 'Inbox' })).toBeVisible();
    expect(read).toEqual([{}]);
  });

  it('leads to the event, and has read what it led to', async () => {
    const read = serveInbox();
    const { person, router } = openApp('/inbox');
    await person.click(await screen.findByRole('link', { name: /Gate: something unusual/ }));
    await waitFor(() => expect(router.state.location.pathname).toBe(`/events/${EVENT}`));
    expect(read).toEqual([{ ids: [ITEM] }]);
  });
});
