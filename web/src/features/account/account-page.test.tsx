import { screen, waitFor, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ApiKey, Place } from '@/api/types';
import { openApp } from '@/testing/open-app';
import { api, page, server } from '@/testing/server';

const HERE = '33333333-3333-4333-8333-333333333333';
const THERE = '44444444-4444-4444-8444-444444444444';

function aPlace(changes: Partial<Place> = {}): Place {
  return {
    id: HERE,
    kind: 'browser',
    address: '192.0.2.7',
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    created_at: '2026-11-22T14:00:00Z',
    last_seen_at: '2026-11-22T14:00:00Z',
    current: true,
    ...changes,
  };
}

let places: Place[];
let keys: ApiKey[];

beforeEach(() => {
  places = [aPlace(), aPlace({ id: THERE, kind: 'script', user_agent: 'curl/8.5', current: false })];
  keys = [];
  server.use(
    http.get(api('auth/second-factor'), () =>
      HttpResponse.json({ enabled: true, recovery_codes: 9, must_set_up: false }),
    ),
    http.get(api('auth/sessions/'), () => page(places)),
    http.delete(api('auth/sessions/:id/'), ({ params }) => {
      places = places.filter(({ id }) => id !== params.id);
      return new HttpResponse(null, { status: 204 });
    }),
    http.get(api('auth/keys/'), () => page(keys)),
    http.post(api('auth/keys/'), async ({ request }) => {
      const asked = (await request.json()) as ApiKey;
      const key = { ...asked, id: THERE, created_at: '2026-11-22T14:00:00Z', last_used_at: null };
      keys = [...keys, key];
      return HttpResponse.json({ ...key, secret: 'vgk_told-once' }, { status: 201 });
    }),
  );
});

describe('my account', () => {
  it('shows where I am logged in, and ends another place after it asked', async () => {
    const { person } = openApp('/account');
    const list = await screen.findByRole('list', { name: 'Where I am logged in' });
    expect(within(list).getByText('Firefox · Linux')).toBeVisible();
    expect(within(list).getAllByRole('button')).toHaveLength(1);
    await person.click(within(list).getByRole('button', { name: 'Log out: Script: curl/8.5' }));
    const question = await screen.findByRole('dialog');
    await person.click(within(question).getByRole('button', { name: 'Log out' }));
    await waitFor(() => expect(within(list).queryByText('Script: curl/8.5')).not.toBeInTheDocument());
    expect(places.map(({ id }) => id)).toEqual([HERE]);
  });

  it('makes an API key and shows its secret once', async () => {
    const { person } = openApp('/account');
    await person.click(await screen.findByRole('button', { name: 'New API key' }));
    await person.type(screen.getByLabelText('Name'), 'Door panel');
    await person.click(screen.getByRole('button', { name: 'Make the key' }));
    expect(await screen.findByText('vgk_told-once')).toBeVisible();
    expect(keys[0]).toMatchObject({ name: 'Door panel', role: 'viewer', site: null });
    await person.click(screen.getByRole('button', { name: 'I have kept it' }));
    expect(screen.queryByText('vgk_told-once')).not.toBeInTheDocument();
    expect(await screen.findByText('Door panel')).toBeVisible();
  });

  it('says how many recovery codes are left', async () => {
    openApp('/account');
    expect(await screen.findByText('9 recovery codes left')).toBeVisible();
  });
});
