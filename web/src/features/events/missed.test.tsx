import { screen, waitFor } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { openApp } from '@/testing/open-app';
import { aCamera, aUser, SITE } from '@/testing/rows';
import { api, server } from '@/testing/server';

const PAGE = `/live/${aCamera().id}`;

/** Keeps what is reported, and counts it. */
function serveFeedback() {
  const reported: { moment: string; note: string }[] = [];
  server.use(
    http.get(api('cameras/:id/feedback'), () =>
      HttpResponse.json({ false_alarms: 0, missed: reported.length, newest: [] }),
    ),
    http.post(api('cameras/:id/missed'), async ({ request }) => {
      const body = (await request.json()) as { moment: string; note: string };
      reported.push(body);
      return HttpResponse.json({ id: 1, kind: 'missed', ...body }, { status: 201 });
    }),
  );
  return reported;
}

describe('what a camera missed', () => {
  it('is reported with its moment, and counted', async () => {
    const reported = serveFeedback();
    const { person } = openApp(PAGE);
    await person.click(await screen.findByRole('button', { name: 'Something was missed here?' }));
    const minutes = screen.getByRole('textbox', { name: /Minutes ago/ });
    await person.clear(minutes);
    expect(screen.getByRole('button', { name: 'Report it' })).toBeDisabled();
    await person.type(minutes, '10');
    await person.type(screen.getByLabelText(/What was it/), 'A fox.');
    const before = Date.now();
    await person.click(screen.getByRole('button', { name: 'Report it' }));
    expect(await screen.findByText('1 miss reported for this camera.')).toBeVisible();
    expect(screen.getByText(/Kept for /)).toBeVisible();
    expect(reported).toHaveLength(1);
    expect(reported[0]?.note).toBe('A fox.');
    const moment = new Date(reported[0]?.moment ?? '').getTime();
    expect(moment).toBeGreaterThanOrEqual(before - 600_000);
    expect(moment).toBeLessThanOrEqual(Date.now() - 600_000);
  });

  it('is asked of nobody who may only look', async () => {
    const sites = [{ id: SITE, name: 'Yard', role: 'viewer' as const, time_zone: 'UTC' }];
    server.use(http.get(api('auth/session'), () => HttpResponse.json(aUser({ sites }))));
    openApp(PAGE);
    await screen.findByText('Newest events');
    await waitFor(() => expect(screen.queryByText('Something was missed here?')).not.toBeInTheDocument());
  });
});
