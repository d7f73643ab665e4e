import { screen } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { expect, it } from 'vitest';
import { openApp } from '@/testing/open-app';
import { aUser, SITE } from '@/testing/rows';
import { api, page, server } from '@/testing/server';

const INVITATION = {
  id: '77777777-7777-4777-8777-777777777777',
  role: 'viewer',
  email: 'nora@example.org',
  invited_by: 'ji-woo',
  created_at: '2026-11-22T14:00:00Z',
  expires_at: '2026-11-29T14:00:00Z',
};

/** A manager's own site, of which nobody else is a member. */
function serveSite(invitations: () => Response) {
  const sites = [{ id: SITE, name: 'Yard', role: 'manager' as const, time_zone: 'Asia/Seoul' }];
  server.use(
    http.get(api('auth/session'), () => HttpResponse.json(aUser({ sites }))),
    http.get(api(`sites/${SITE}/members/`), () => page([])),
    http.get(api(`sites/${SITE}/invitations/`), invitations),
  );
}

it('says where the invitations of a site could not be loaded, and asks once more when told to', async () => {
  let isAway = true;
  serveSite(() => (isAway ? HttpResponse.error() : page([INVITATION])));
  const { person } = openApp('/account/members');
  expect(await screen.findByRole('alert')).toHaveTextContent('Vigil cannot be reached.');
  isAway = false;
  await person.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('nora@example.org')).toBeVisible();
});

it('shows a new link once, where the keyboard goes on', async () => {
  serveSite(() => page([]));
  const made = { ...INVITATION, email: '', link: 'https://vigil.example/invitation#vgi_x', mailed: false };
  server.use(http.post(api(`sites/${SITE}/invitations/`), () => HttpResponse.json(made, { status: 201 })));
  const { person } = openApp('/account/members');
  expect(await screen.findByRole('heading', { level: 1, name: 'Settings' })).toBeInTheDocument();
  await person.click(screen.getByRole('button', { name: 'Make a link' }));
  const shown = (await screen.findByText(made.link)).closest('section');
  expect(shown).toHaveFocus();
});
