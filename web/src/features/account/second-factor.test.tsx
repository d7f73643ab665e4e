import { screen, waitFor } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { openApp } from '@/testing/open-app';
import { api, problem, server } from '@/testing/server';

describe('the second factor', () => {
  it('is set up with the password, a code and recovery codes to keep', async () => {
    let enabled = false;
    server.use(
      http.get(api('auth/second-factor'), () =>
        HttpResponse.json({ enabled, recovery_codes: 2, must_set_up: !enabled }),
      ),
      http.post(api('auth/second-factor'), () =>
        HttpResponse.json({ secret: 'JBSWY3DP', uri: 'otpauth://totp/x', qr: 'data:image/svg+xml,x' }),
      ),
      http.post(api('auth/second-factor/confirm'), () => {
        enabled = true;
        return HttpResponse.json({ recovery_codes: ['aaaa-bbbb', 'cccc-dddd'] });
      }),
    );
    const { person, router } = openApp('/second-factor');
    await person.type(await screen.findByLabelText('Your password'), 'right');
    await person.click(screen.getByRole('button', { name: 'Set it up' }));
    expect(await screen.findByRole('img', { name: 'QR code for the app' })).toBeVisible();
    await person.type(screen.getByLabelText(/six digits/), '123456');
    await person.click(screen.getByRole('button', { name: 'Switch it on' }));
    expect(await screen.findByText(/aaaa-bbbb/)).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'I have kept it' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/live'));
  });

  it('is where staff are led who must have one', async () => {
    const answer = () => problem(403, 'second_factor_required', 'Set it up first.');
    server.use(
      http.get(api('cameras/'), answer),
      http.get(api('events/'), answer),
      http.get(api('notifications/inbox/unread'), answer),
      http.get(api('auth/second-factor'), () =>
        HttpResponse.json({ enabled: false, recovery_codes: 0, must_set_up: true }),
      ),
    );
    const { router } = openApp('/live');
    await waitFor(() => expect(router.state.location.pathname).toBe('/second-factor'));
  });
});
