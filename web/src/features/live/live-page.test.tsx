import { act, screen, waitFor } from '@testing-library/react';
import { HttpResponse, http } from 'msw';
import { describe, expect, it, vi } from 'vitest';
import { FakeWebSocket } from '@/testing/fake-web-socket';
import { openApp } from '@/testing/open-app';
import { aCamera, anEvent, aUser } from '@/testing/rows';
import { api, page, server } from '@/testing/server';
import { filled } from './meter';

describe('the live wall', () => {
  it('tells staff how to add the first camera', async () => {
    server.use(
      http.get(api('cameras/'), () => page([])),
      http.get(api('auth/session'), () => HttpResponse.json(aUser({ is_staff: true }))),
    );
    openApp('/live');
    expect(await screen.findByText(/vigil up --camera/)).toBeVisible();
    expect(screen.getByRole('link', { name: 'Add a camera' })).toHaveAttribute(
      'href',
      '/admin/cameras/camera/add/',
    );
  });

  it('marks a camera at which something unusual goes on', async () => {
    server.use(http.get(api('events/'), () => page([anEvent({ ended_at: null })])));
    openApp('/live');
    expect(await screen.findByText('Something unusual now')).toBeVisible();
  });

  it('says what is wrong with a camera as soon as it is told', async () => {
    openApp('/live');
    await screen.findByText('Watching');
    const socket = FakeWebSocket.latest('/ws/live');
    socket.accept();
    const { health } = aCamera();
    act(() =>
      socket.say({
        type: 'camera.status',
        camera: aCamera().id,
        ...health,
        state: 'offline',
        detail: 'No route.',
      }),
    );
    const badge = await screen.findByText('Offline since 22:00:00');
    expect(badge).toHaveAttribute('data-state', 'offline');
    act(() => socket.break());
    expect(badge).toHaveAttribute('data-state', 'old');
  });

  it('says so when the server is gone, and not for a blip', async () => {
    openApp('/live');
    await screen.findByText('Gate');
    const socket = FakeWebSocket.latest('/ws/events');
    act(() => socket.accept());
    vi.useFakeTimers({ shouldAdvanceTime: true });
    act(() => socket.break());
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    await act(() => vi.advanceTimersByTimeAsync(2_000));
    await waitFor(() => expect(screen.getByRole('alert')).toHaveTextContent(/No connection to Vigil/));
  });

  it('speaks Korean when asked to', async () => {
    const { person } = openApp('/live');
    await person.click(await screen.findByRole('button', { name: /Account/ }));
    await person.click(await screen.findByText('한국어'));
    expect(await screen.findByRole('heading', { name: '실시간' })).toBeVisible();
    expect(document.documentElement.lang).toBe('ko');
  });
});

describe('the score meter', () => {
  it('has the threshold at two thirds and ends where it is full', () => {
    expect(filled(1, 1)).toBeCloseTo(2 / 3);
    expect(filled(9, 1)).toBe(1);
    expect(filled(0.3, null)).toBe(0);
  });
});
