import { screen, waitFor } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { beforeEach, describe, expect, it } from 'vitest';
import { nextPath } from '@/lib/next-path';
import { openApp } from '@/testing/open-app';
import { aUser } from '@/testing/rows';
import { api, problem, server } from '@/testing/server';

beforeEach(() => {
  server.use(http.get(api('auth/session'), () => problem(401, 'not_authenticated', 'Log in first.')));
});

async function fillIn(person: ReturnType<typeof openApp>['person'], password: string) {
  await person.type(await screen.findByLabelText('User name'), 'ji-woo');
  await person.type(screen.getByLabelText('Password'), password);
  await person.click(screen.getByRole('button', { name: 'Log in' }));
}

describe('logging in', () => {
  it('leads back to the page that was asked for', async () => {
    server.use(http.post(api('auth/session'), () => HttpResponse.json(aUser())));
    const { person, router } = openApp('/events?status=new');
    await fillIn(person, 'right');
    await waitFor(() => expect(router.state.location.href).toBe('/events?status=new'));
    expect(await screen.findByRole('heading', { name: 'Events' })).toBeVisible();
  });

  it('says what the server says of a wrong password, and asks for it again', async () => {
    const answer = () => problem(401, 'wrong_password', 'That is not the password.');
    server.use(http.post(api('auth/session'), answer));
    const { person, tell } = openApp('/login');
    await fillIn(person, 'wrong');
    expect(await screen.findByRole('alert')).toHaveTextContent('The name or the password is wrong.');
    expect(screen.getByLabelText('Password')).toHaveValue('');
    expect(tell).not.toHaveBeenCalled();
  });

  it('shows beside a field what the server says of it', async () => {
    const answer = () => problem(400, 'invalid', 'Check the fields.', { username: ['Too long.'] });
    server.use(http.post(api('auth/session'), answer));
    const { person } = openApp('/login');
    await fillIn(person, 'any');
    expect(await screen.findByText('Too long.')).toBeVisible();
  });

  it('asks for the code where there is a second factor, and keeps the password meanwhile', async () => {
    const sent: unknown[] = [];
    server.use(
      http.post(api('auth/session'), async ({ request }) => {
        const body = (await request.json()) as { code: string };
        sent.push(body);
        if (body.code === '') return problem(401, 'second_factor_needed', 'Enter the code.');
        if (body.code !== '123456') {
          return problem(401, 'second_factor_needed', 'Wrong.', { code: ['Wrong or used before.'] });
        }
        return HttpResponse.json(aUser());
      }),
    );
    const { person, router } = openApp('/login');
    await fillIn(person, 'right');
    const code = await screen.findByLabelText('Code');
    expect(screen.getByRole('alert')).toHaveTextContent('Enter the code of your second factor.');
    await person.type(code, '000000');
    await person.click(screen.getByRole('button', { name: 'Log in' }));
    expect(await screen.findByText('This code is wrong or was used before.')).toBeVisible();
    await person.type(screen.getByLabelText('Code'), '123456');
    await person.click(screen.getByRole('button', { name: 'Log in' }));
    await waitFor(() => expect(router.state.location.pathname).toBe('/live'));
    expect(sent.at(-1)).toEqual({ username: 'ji-woo', password: 'right', code: '123456' });
  });

  it('asks for no code where there is none', async () => {
    openApp('/login');
    await screen.findByLabelText('Password');
    expect(screen.queryByLabelText('Code')).toBeNull();
  });

  it('needs both fields before it asks the server', async () => {
    const { person } = openApp('/login');
    await person.click(await screen.findByRole('button', { name: 'Log in' }));
    expect(screen.getAllByText('Fill this in.')).toHaveLength(2);
  });
});

describe('when the session ends', () => {
  it('the log-in comes and remembers the page', async () => {
    let loggedIn = true;
    server.use(
      http.get(api('auth/session'), () =>
        loggedIn ? HttpResponse.json(aUser()) : problem(401, 'not_authenticated', 'Log in first.'),
      ),
      http.get(api('cameras/'), () => problem(401, 'not_authenticated', 'Log in first.')),
    );
    const { router } = openApp('/live');
    await waitFor(() => expect(router.state.location.href).toBe('/login?next=%2Flive'));
    loggedIn = false;
    expect(await screen.findByLabelText('User name')).toBeVisible();
  });
});

describe('the page after the log-in', () => {
  it.each([
    ['/events/1?camera=2', '/events/1?camera=2'],
    ['https://evil.example/', '/live'],
    ['//evil.example/', '/live'],
    ['javascript:alert(1)', '/live'],
    ['/login?next=/login', '/live'],
    [undefined, '/live'],
  ])('%s is %s', (next, path) => {
    expect(nextPath(next)).toBe(path);
  });
});
