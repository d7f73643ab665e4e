import { screen, waitFor } from '@testing-library/react';
import i18next from 'i18next';
import { delay, http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { openApp } from '@/testing/open-app';
import { api, problem, server } from '@/testing/server';

beforeEach(() => {
  server.use(http.get(api('auth/session'), () => problem(401, 'not_authenticated', 'Log in first.')));
});

const open = http.get(api('auth/register'), () => HttpResponse.json({ open: true }));

async function ask(person: ReturnType<typeof openApp>['person'], email: string) {
  await person.type(await screen.findByLabelText('E-mail address'), email);
  await person.click(screen.getByRole('button', { name: 'Mail me a link' }));
}

describe('registering', () => {
  it('is offered at the log-in where the server is open for it, and asks for a link by mail', async () => {
    let sent: unknown;
    server.use(
      open,
      http.post(api('auth/register'), async ({ request }) => {
        sent = await request.json();
        return new HttpResponse(null, { status: 202 });
      }),
    );
    const { person, router } = openApp('/login');
    await person.click(await screen.findByRole('link', { name: 'No account yet? Register' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/register'));
    await ask(person, 'nora@example.org');
    const told = await screen.findByRole('status');
    expect(told).toHaveTextContent('A link is on its way to this address.');
    // The form has gone, and would take the focus along.
    expect(told).toHaveFocus();
    expect(sent).toEqual({ email: 'nora@example.org', language: 'en' });
    await person.click(screen.getByRole('button', { name: 'To the log-in' }));
    expect(await screen.findByLabelText('User name')).toBeVisible();
  });

  it.each([
    ['is closed', () => HttpResponse.json({ open: false })],
    ['does not say', () => problem(503, 'unavailable', 'Away.')],
  ])('is not offered where the server %s', async (_, answer) => {
    let asked = 0;
    server.use(
      http.get(api('auth/register'), () => {
        asked += 1;
        return answer();
      }),
    );
    const { queryClient } = openApp('/login');
    await screen.findByLabelText('User name');
    await waitFor(() => expect(asked).toBeGreaterThan(0));
    await waitFor(() => expect(queryClient.isFetching()).toBe(0));
    expect(screen.queryByRole('link', { name: /Register/ })).toBeNull();
  });

  it.each([
    ['en', 'Asking whether this is open here…'],
    ['ko', '여기서 가입할 수 있는지 확인하는 중…'],
  ])('says in %s that the server is still asked', async (language, text) => {
    await i18next.changeLanguage(language);
    server.use(http.get(api('auth/register'), () => delay('infinite')));
    openApp('/register');
    expect(await screen.findByRole('status', { name: text })).toBeVisible();
  });

  it('says beside the address what the server says of it', async () => {
    server.use(open);
    const answer = () => problem(400, 'invalid', 'email: Odd.', { email: ['Enter a valid email address.'] });
    server.use(http.post(api('auth/register'), answer));
    const { person } = openApp('/register');
    await ask(person, 'nora');
    expect(await screen.findByText('Enter a valid email address.')).toBeVisible();
    expect(screen.getByRole('alert')).toHaveTextContent('E-mail address: Odd.');
  });

  it('says that the server takes nobody, where it was closed meanwhile', async () => {
    server.use(
      open,
      http.post(api('auth/register'), () => problem(403, 'registration_closed', 'Closed.')),
    );
    const { person } = openApp('/register');
    await ask(person, 'nora@example.org');
    expect(await screen.findByRole('alert')).toHaveTextContent('Here, nobody becomes a user in this way.');
  });

  it('asks nobody for an address where the server takes nobody', async () => {
    openApp('/register');
    expect(await screen.findByText(/Here, nobody becomes a user in this way/)).toBeVisible();
    expect(screen.queryByLabelText('E-mail address')).toBeNull();
  });
});
