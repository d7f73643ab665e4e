import { screen, waitFor } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { describe, expect, it, vi } from 'vitest';
import { FakeWebSocket } from '@/testing/fake-web-socket';
import { openApp } from '@/testing/open-app';
import { aDetail, anEvent, aTransition, aUser, EVENT, SITE } from '@/testing/rows';
import { api, page, problem, server } from '@/testing/server';

/** The server's event, which an action changes. */
function serveEvent() {
  let event = aDetail();
  const notes: unknown[] = [];
  server.use(
    http.get(api('events/:id/'), () => HttpResponse.json(event)),
    http.post(api('events/:id/acknowledge'), async ({ request }) => {
      notes.push(await request.json());
      event = aDetail({ status: 'acknowledged', sequence: 2 });
      return HttpResponse.json(event);
    }),
  );
  return { notes };
}

describe('an operator', () => {
  it('acknowledges with a note, and sees it in the list and in the detail', async () => {
    const { notes } = serveEvent();
    const { person } = openApp(`/events/${EVENT}`);
    await person.type(await screen.findByLabelText('Note'), 'A cat.');
    await person.click(screen.getByRole('button', { name: /Acknowledge/ }));
    await waitFor(() => expect(screen.getAllByText('Acknowledged')).toHaveLength(2));
    expect(notes).toEqual([{ note: 'A cat.' }]);
    expect(screen.queryByRole('button', { name: /Acknowledge/ })).not.toBeInTheDocument();
    // The button has gone, the focus has not: the next Tab leads to what can be done now.
    expect(screen.getByRole('group', { name: 'Acknowledged: what to do' })).toHaveFocus();
    await person.tab();
    expect(screen.getByRole('button', { name: /Resolve/ })).toHaveFocus();
  });

  it('acknowledges by key, but not while writing a note', async () => {
    const { notes } = serveEvent();
    const { person } = openApp(`/events/${EVENT}`);
    const note = await screen.findByLabelText('Note');
    await person.type(note, 'a');
    expect(notes).toEqual([]);
    note.blur();
    await person.keyboard('a');
    await waitFor(() => expect(notes).toEqual([{ note: 'a' }]));
  });

  it('acknowledges by key after choosing the clip', async () => {
    const { notes } = serveEvent();
    const { person } = openApp(`/events/${EVENT}`);
    await person.click(await screen.findByText('Clip'));
    await person.keyboard('a');
    await waitFor(() => expect(notes).toEqual([{ note: '' }]));
  });

  it('is told which colleague was first, and sees what they did', async () => {
    const at = new Date(Date.now() - 3_000).toISOString();
    let event = aDetail();
    server.use(
      http.get(api('events/:id/'), () => HttpResponse.json(event)),
      http.post(api('events/:id/acknowledge'), () => {
        const theirs = aTransition({ kind: 'acknowledged', by: 'Ji-woo', at });
        event = aDetail({ status: 'acknowledged', sequence: 2, transitions: [theirs] });
        return problem(409, 'conflict', 'It is acknowledged already.');
      }),
    );
    const { person, tell } = openApp(`/events/${EVENT}`);
    await person.click(await screen.findByRole('button', { name: /Acknowledge/ }));
    expect(await screen.findByText(/Ji-woo acknowledged this \d+ seconds ago/)).toBeVisible();
    expect(screen.queryByRole('button', { name: /Acknowledge/ })).not.toBeInTheDocument();
    expect(tell).not.toHaveBeenCalled();
  });

  it('is told once, in one place, when an action fails otherwise', async () => {
    server.use(http.post(api('events/:id/resolve'), () => problem(503, 'busy', 'Try again in a moment.')));
    const { person, tell } = openApp(`/events/${EVENT}`);
    await person.click(await screen.findByRole('button', { name: /Resolve/ }));
    await waitFor(() => expect(tell).toHaveBeenCalledOnce());
    expect(tell.mock.calls[0]?.[0]).toMatchObject({ code: 'busy', message: 'Try again in a moment.' });
  });

  it('reads what a false alarm teaches, and how to undo it', async () => {
    let event = aDetail({ box: [0.1, 0.1, 0.2, 0.2] });
    server.use(
      http.get(api('events/:id/'), () => HttpResponse.json(event)),
      http.post(api('events/:id/dismiss'), () => {
        event = aDetail({ ...event, status: 'dismissed', sequence: 2 });
        return HttpResponse.json(event);
      }),
    );
    const { person } = openApp(`/events/${EVENT}`);
    expect(await screen.findByText(/teaches Gate: the same at the same place/)).toBeVisible();
    await person.click(screen.getByRole('button', { name: /False alarm/ }));
    expect(await screen.findByText(/Open the event again to undo that/)).toBeVisible();
    expect(screen.getByRole('button', { name: /Open again/ })).toBeVisible();
  });

  it('is promised no lesson where no single thing was the cause', async () => {
    openApp(`/events/${EVENT}`);
    await screen.findByRole('button', { name: /False alarm/ });
    expect(screen.queryByText(/teaches Gate/)).not.toBeInTheDocument();
  });

  it('leafs with j and k', async () => {
    server.use(http.get(api('events/'), () => page([anEvent({ id: 'b' }), anEvent({ id: 'a' })])));
    const { person, router } = openApp('/events?severity=high');
    await screen.findAllByText('Gate');
    await person.keyboard('jj');
    await waitFor(() => expect(router.state.location.href).toBe('/events/a?severity=high'));
    await person.keyboard('k');
    await waitFor(() => expect(router.state.location.pathname).toBe('/events/b'));
  });
});

describe('a viewer', () => {
  it('is offered nothing that the server would refuse', async () => {
    const sites = [{ id: SITE, name: 'Yard', role: 'viewer' as const, time_zone: 'UTC' }];
    server.use(http.get(api('auth/session'), () => HttpResponse.json(aUser({ sites }))));
    openApp(`/events/${EVENT}`);
    expect(await screen.findByText(/You may look/)).toBeVisible();
    expect(screen.queryByLabelText('Note')).not.toBeInTheDocument();
  });
});

describe('an event that changes while it is looked at', () => {
  it('shows its clip when the server has made it, without a reload', async () => {
    openApp(`/events/${EVENT}`);
    expect(await screen.findByText(/The clip is being made/)).toBeVisible();
    const socket = FakeWebSocket.latest('/ws/events');
    socket.accept();
    socket.say({ type: 'hello', sites: { [SITE]: 1 } });
    const event = anEvent({ sequence: 2, clip: '/clip.mp4' });
    server.use(http.get(api('events/:id/'), () => HttpResponse.json({ ...event, transitions: [] })));
    socket.say({ type: 'event.changed', site: SITE, sequence: 2, event });
    expect(await screen.findByText('Save the clip')).toHaveAttribute('href', '/clip.mp4');
  });

  it('counts a new one in the title while another page is looked at', async () => {
    openApp('/live');
    await screen.findByText('Gate');
    const socket = FakeWebSocket.latest('/ws/events');
    socket.accept();
    socket.say({ type: 'hello', sites: { [SITE]: 1 } });
    socket.say({
      type: 'event.changed',
      site: SITE,
      sequence: 2,
      event: anEvent({ id: 'new', sequence: 2 }),
    });
    await vi.waitFor(() => expect(document.title).toBe('(1) Vigil'));
  });
});
