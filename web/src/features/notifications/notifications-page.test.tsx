import { screen, waitFor, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Channel, Preference } from '@/api/types';
import { openApp } from '@/testing/open-app';
import { api, page, problem, server } from '@/testing/server';

const CHANNEL: Channel = {
  id: '66666666-6666-4666-8666-666666666666',
  site: null,
  kind: 'email',
  name: 'My mail',
  target: { address: 'ji-woo@example.org' },
  severity_floor: 'low',
  language: 'en',
  enabled: true,
  disabled_reason: '',
  disabled_at: null,
  created_at: '2026-11-22T14:00:00Z',
};
let changes: Preference[];

beforeEach(() => {
  changes = [];
  const stored: Preference = {
    severity_floor: 'low',
    quiet_starts: null,
    quiet_ends: null,
    quiet_weekdays: [],
    time_zone: '',
    critical_breaks_quiet: true,
  };
  server.use(
    http.get(api('notifications/preferences'), () => HttpResponse.json(stored)),
    http.patch(api('notifications/preferences'), async ({ request }) => {
      const change = (await request.json()) as Preference;
      changes.push(change);
      return HttpResponse.json({ ...stored, ...change });
    }),
    http.get(api('notifications/channels/'), () => page([CHANNEL])),
  );
});

describe('what I am told', () => {
  it('is quiet on the days and at the times that I choose', async () => {
    const { person } = openApp('/account/notifications');
    await person.click(await screen.findByRole('switch', { name: 'Quiet hours' }));
    await person.click(screen.getByRole('checkbox', { name: 'Sun' }));
    await person.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Saved.')).toBeVisible();
    expect(changes).toEqual([
      {
        severity_floor: 'low',
        quiet_starts: '22:00',
        quiet_ends: '07:00',
        quiet_weekdays: [0, 1, 2, 3, 4, 5],
        time_zone: '',
        critical_breaks_quiet: true,
      },
    ]);
  });

  it('is tried over a channel, with what became of it', async () => {
    const tried = { state: 'failed', error: 'The mail server refused it.' };
    server.use(http.post(api('notifications/channels/:id/test'), () => HttpResponse.json(tried)));
    const { person } = openApp('/account/notifications');
    await person.click(await screen.findByRole('button', { name: 'Test: My mail' }));
    const outcome = await screen.findByRole('status', { name: '' });
    expect(outcome).toHaveTextContent('The test message was not taken.');
    // The words of the other side stand for themselves: they are English in every language of the page.
    expect(within(outcome).getByText('The mail server refused it.')).toHaveAttribute('lang', 'en');
  });

  it('is tried once at a time, by a button that keeps the focus', async () => {
    let tried = 0;
    let answer = () => {};
    server.use(
      http.post(api('notifications/channels/:id/test'), async () => {
        tried += 1;
        await new Promise<void>((resolve) => (answer = resolve));
        return HttpResponse.json({ state: 'sent', error: '' });
      }),
    );
    const { person } = openApp('/account/notifications');
    const test = await screen.findByRole('button', { name: 'Test: My mail' });
    await person.click(test);
    await waitFor(() => expect(test).toHaveAttribute('aria-disabled', 'true'));
    // A browser takes the focus from what is disabled.
    expect(test).toBeEnabled();
    expect(test).toHaveFocus();
    await person.keyboard('{Enter}');
    await waitFor(() => expect(tried).toBe(1));
    answer();
    expect(await screen.findByText('The test message was taken.')).toBeVisible();
    await waitFor(() => expect(test).not.toHaveAttribute('aria-disabled'));
    expect(test).toHaveFocus();
    expect(tried).toBe(1);
  });

  it('leaves the focus at the channels when one of them is removed', async () => {
    let channels = [CHANNEL, { ...CHANNEL, id: '77777777-7777-4777-8777-777777777777', name: 'Old mail' }];
    server.use(
      http.get(api('notifications/channels/'), () => page(channels)),
      http.delete(api('notifications/channels/:id/'), ({ params }) => {
        channels = channels.filter(({ id }) => id !== params.id);
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const { person } = openApp('/account/notifications');
    await person.click(await screen.findByRole('button', { name: 'Remove: Old mail' }));
    await person.click(await screen.findByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(screen.queryByText('Old mail')).not.toBeInTheDocument());
    await waitFor(() => expect(screen.getByRole('list', { name: 'Channels' })).toHaveFocus());
  });

  it('goes to a new channel unless the server knows better', async () => {
    const answer = () => problem(400, 'invalid', 'Check it.', { address: ['This is no address.'] });
    server.use(http.post(api('notifications/channels/'), answer));
    const { person } = openApp('/account/notifications');
    await person.click(await screen.findByRole('button', { name: 'Add e-mail' }));
    expect(screen.getByLabelText('Name')).toHaveFocus();
    await person.type(screen.getByLabelText('E-mail address'), 'nora');
    await person.click(screen.getByRole('button', { name: 'Add it' }));
    await waitFor(() => expect(screen.getByText('This is no address.')).toBeVisible());
  });

  it('cannot reach this browser without https, and says so', async () => {
    openApp('/account/notifications');
    expect(await screen.findByText(/only from an address with https/)).toBeVisible();
  });
});
