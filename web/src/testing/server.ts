import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { aCamera, anEvent, aUser } from './rows';

export const api = (path: string) => `${location.origin}/api/v1/${path}`;

/** A list of one page. */
export const page = (results: unknown[]) => HttpResponse.json({ results, next: null, previous: null });

/** An error as the server writes it. */
export const problem = (status: number, code: string, message: string, fields = {}) =>
  HttpResponse.json({ code, message, fields }, { status });

/** A server with one user who is logged in, one camera and one event; a test overrides what it is about. */
export const server = setupServer(
  http.get(api('auth/csrf'), () => HttpResponse.json({ csrf_token: 'token' })),
  http.get(api('auth/session'), () => HttpResponse.json(aUser())),
  http.get(api('auth/register'), () => HttpResponse.json({ open: false })),
  http.get(api('cameras/'), () => page([aCamera()])),
  http.get(api('events/'), () => page([anEvent()])),
  http.get(api('events/:id/'), ({ params }) =>
    HttpResponse.json({ ...anEvent({ id: String(params.id) }), transitions: [] }),
  ),
  http.get(api('notifications/inbox/unread'), () => HttpResponse.json({ unread: 0 })),
  http.get(api('events/:id/scores'), () =>
    HttpResponse.json({
      from: '2026-11-22T14:00:00Z',
      step: 1,
      scores: [0.2, 1.4],
      thresholds: [1, 1],
      band: null,
    }),
  ),
);
