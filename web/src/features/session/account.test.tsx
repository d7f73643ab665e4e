import { screen, waitFor } from '@testing-library/react';
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
    await person.click(screen.getByRole('button', { name: 'Set password' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/login'));
    expect(sent).toEqual({ secret: 'MQ.token-1', new_password: 'four plain words here' });
  });

  it('says why a password or a link will not do', async () => {
    const answer = () => problem(400, 'invalid', 'Too short.', { new_password: ['Too short.'] });
    server.use(loggedOut, http.post(api('auth/password-reset/confirm'), answer));
    const { person } = openApp('/reset-password#x');
    await person.type(await screen.findByLabelText('New password'), 'short');
    await person.click(screen.getByRole('button', { name: 'Set password' }));
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

  it('makes a new user', async () => {
    let sent: unknown;
    server.use(
      loggedOut,
      invited('Yard'),
      http.post(api('auth/invitation/accept'), async ({ request }) => {
        sent = await request.json();
        return HttpResponse.json(aUser(), { status: 201 });
      }),
    );
    const { person, router } = openApp('/invitation#vgi_secret');
    expect(await screen.findByText('You are invited to Yard.')).toBeVisible();
    await person.type(await screen.findByLabelText('User name'), 'nora');
    await person.type(screen.getByLabelText('New password'), 'four plain words here');
    await person.click(screen.getByRole('button', { name: 'Create account' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/login'));
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
    expect(await screen.findByRole('button', { name: 'Join as ji-woo' })).toBeVisible();
    expect(screen.queryByLabelText('New password')).toBeNull();
  });

  it('says what is wrong with the link', async () => {
    const answer = () => problem(400, 'link_refused', 'This link was used.');
    server.use(loggedOut, http.post(api('auth/invitation'), answer));
    openApp('/invitation#vgi_secret');
    expect(await screen.findByRole('alert')).toHaveTextContent('This link was used.');
  });
});

describe('the second factor', () => {
  it('is set up with the password, a code and recovery codes to keep', async () => {
    server.use(
      http.post(api('auth/second-factor'), () =>
        HttpResponse.json({ secret: 'JBSWY3DP', uri: 'otpauth://totp/x', qr: 'data:image/svg+xml,x' }),
      ),
      http.post(api('auth/second-factor/confirm'), () =>
        HttpResponse.json({ recovery_codes: ['aaaa-bbbb', 'cccc-dddd'] }),
      ),
    );
    const { person, router } = openApp('/second-factor');
    await person.type(await screen.findByLabelText('Password'), 'right');
    await person.click(screen.getByRole('button', { name: 'Begin' }));
    expect(await screen.findByRole('img', { name: 'QR code for the authenticator app' })).toBeVisible();
    await person.type(screen.getByLabelText('Code'), '123456');
    await person.click(screen.getByRole('button', { name: 'Confirm' }));
    expect(await screen.findByText(/aaaa-bbbb/)).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'I have kept them' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/live'));
  });

  it('is where staff are led who must have one', async () => {
    const answer = () => problem(403, 'second_factor_required', 'Set it up first.');
    server.use(http.get(api('cameras/'), answer), http.get(api('events/'), answer));
    const { router } = openApp('/live');
    await waitFor(() => expect(router.state.location.pathname).toBe('/second-factor'));
  });
});
