import { act, screen, waitFor } from '@testing-library/react';
import i18next from 'i18next';
import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { openApp } from '@/testing/open-app';
import { aUser } from '@/testing/rows';
import { api, problem, server } from '@/testing/server';

const loggedOut = http.get(api('auth/session'), () => problem(401, 'not_authenticated', 'Log in first.'));

describe('the link to a new password', () => {
  it('sends what stands behind the #, and leads to the log-in', async () => {
    let sent: unknown;
    server.use(
      loggedOut,
      http.post(api('auth/password-reset/confirm'), async ({ request }) => {
        sent = await request.json();
        return new HttpResponse(null, { status: 204 });
      }),
    );
    const { person, router } = openApp('/reset-password#MQ.token-1');
    await person.type(await screen.findByLabelText('New password'), 'four plain words here');
    await person.click(screen.getByRole('button', { name: 'Set the password' }));
    expect(await screen.findByText('The new password counts from now on.')).toHaveFocus();
    await person.click(screen.getByRole('button', { name: 'Log in' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/login'));
    expect(sent).toEqual({ secret: 'MQ.token-1', new_password: 'four plain words here' });
  });

  it('is asked for again where it does not work any more', async () => {
    const asked: unknown[] = [];
    server.use(
      loggedOut,
      http.post(api('auth/password-reset/confirm'), () => problem(400, 'link_refused', 'Used.')),
      http.post(api('auth/password-reset'), async ({ request }) => {
        asked.push(await request.json());
        return new HttpResponse(null, { status: 202 });
      }),
    );
    const { person } = openApp('/reset-password#MQ.old');
    await person.type(await screen.findByLabelText('New password'), 'four plain words here');
    await person.click(screen.getByRole('button', { name: 'Set the password' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Ask for another one.');
    await person.type(screen.getByLabelText('User name or e-mail address'), 'nora');
    await person.click(screen.getByRole('button', { name: 'Mail me a link' }));
    expect(await screen.findByText(/If there is such an account/)).toHaveFocus();
    expect(asked).toEqual([{ who: 'nora' }]);
  });

  it('says why a password will not do', async () => {
    const answer = () => problem(400, 'invalid', 'Too short.', { new_password: ['Too short.'] });
    server.use(loggedOut, http.post(api('auth/password-reset/confirm'), answer));
    const { person } = openApp('/reset-password#x');
    await person.type(await screen.findByLabelText('New password'), 'short');
    await person.click(screen.getByRole('button', { name: 'Set the password' }));
    expect(await screen.findAllByText('Too short.')).not.toHaveLength(0);
  });
});

describe('an invitation', () => {
  const invited = (site: string | null) =>
    http.post(api('auth/invitation'), () =>
      HttpResponse.json({
        site,
        role: 'viewer',
        email: 'nora@example.org',
        expires_at: '2026-12-01T00:00:00Z',
      }),
    );

  it('makes a new user, who is logged in', async () => {
    let sent: unknown;
    server.use(
      loggedOut,
      http.post(api('auth/session'), () => HttpResponse.json(aUser({ username: 'nora' }))),
      invited('Yard'),
      http.post(api('auth/invitation/accept'), async ({ request }) => {
        sent = await request.json();
        return HttpResponse.json(aUser(), { status: 201 });
      }),
    );
    const { person, router } = openApp('/invitation#vgi_secret');
    expect(await screen.findByText(/You are invited to Yard as Viewer\./)).toBeVisible();
    const name = screen.getByLabelText('User name');
    expect(name).toHaveValue('nora@example.org');
    await person.clear(name);
    await person.type(name, 'nora');
    await person.type(screen.getByLabelText('New password'), 'four plain words here');
    await person.click(screen.getByRole('button', { name: 'Create the account' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/live'));
    expect(sent).toEqual({
      secret: 'vgi_secret',
      username: 'nora',
      password: 'four plain words here',
      language: 'en',
    });
  });

  it('asks whoever is logged in for nothing', async () => {
    server.use(invited('Yard'));
    openApp('/invitation#vgi_secret');
    expect(await screen.findByRole('button', { name: 'Accept as ji-woo' })).toBeVisible();
    expect(screen.queryByLabelText('New password')).toBeNull();
  });

  it('says what is wrong with the link', async () => {
    const answer = () => problem(400, 'link_refused', 'This link was used.');
    server.use(loggedOut, http.post(api('auth/invitation'), answer));
    openApp('/invitation#vgi_secret');
    const wrong = 'This link is wrong, was used or has expired. Ask for another one.';
    expect(await screen.findByRole('alert')).toHaveTextContent(wrong);
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
    await act(() => i18next.changeLanguage('ko'));
    expect(screen.getByRole('alert')).toHaveTextContent('이미 사용되었거나, 만료되었습니다.');
  });

  it.each([
    ['the link', 'auth/invitation', http.post],
    ['who is logged in', 'auth/session', http.get],
  ])(
    'says that the server cannot be reached for %s, and asks once more when told to',
    async (_, path, ask) => {
      let isAway = true;
      server.use(
        ask(api(path), () => (isAway ? HttpResponse.error() : undefined)),
        loggedOut,
        invited('Yard'),
      );
      const { person } = openApp('/invitation#vgi_secret');
      expect(await screen.findByRole('status', { name: 'Asking about the link…' })).toBeVisible();
      expect(await screen.findByRole('alert')).toHaveTextContent('Vigil cannot be reached.');
      isAway = false;
      await person.click(screen.getByRole('button', { name: 'Try again' }));
      expect(await screen.findByText(/You are invited to Yard as Viewer\./)).toBeVisible();
    },
  );
});
