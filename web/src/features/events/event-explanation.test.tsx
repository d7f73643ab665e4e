import { screen, waitFor } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { describe, expect, it } from 'vitest';
import { openApp } from '@/testing/open-app';
import { aDetail, aTransition, EVENT } from '@/testing/rows';
import { api, server } from '@/testing/server';

function serve(changes: Parameters<typeof aDetail>[0]) {
  server.use(http.get(api('events/:id/'), () => HttpResponse.json(aDetail(changes))));
}

describe('an event explains itself', () => {
  it('with a heat map that the operator turns on and off', async () => {
    serve({ snapshot: '/snapshot.jpg', heat: '/heat.jpg' });
    const { person } = openApp(`/events/${EVENT}`);
    const heated = await screen.findByLabelText('Heat map');
    expect(screen.queryByAltText(/coloured where it was unusual/)).not.toBeInTheDocument();
    await person.click(heated);
    expect(screen.getByAltText(/coloured where it was unusual/)).toHaveAttribute('src', '/heat.jpg');
    expect(screen.getByAltText('Picture of the moment at Gate')).toBeInTheDocument();
    await person.click(heated);
    expect(screen.queryByAltText(/coloured where it was unusual/)).not.toBeInTheDocument();
  });

  it('with what the camera usually looks like', async () => {
    serve({ usual: ['/usual-1.jpg', '/usual-2.jpg'] });
    openApp(`/events/${EVENT}`);
    expect(await screen.findByText('Usually looks like this')).toBeVisible();
    expect(screen.getByAltText('What Gate usually looks like, picture 2')).toHaveAttribute(
      'src',
      '/usual-2.jpg',
    );
  });

  it('with the band of ordinary seconds behind the curve', async () => {
    const band = { median: 0.21, high: 0.83, basis: 'hour' };
    const scores = { from: '2026-11-22T14:00:00Z', step: 1, scores: [0.2, 1.4], thresholds: [1, 1], band };
    server.use(http.get(api('events/:id/scores'), () => HttpResponse.json(scores)));
    openApp(`/events/${EVENT}`);
    expect(await screen.findByText(/up to 0.83 in 99 % of the seconds at this hour/)).toBeVisible();
  });

  it('and offers nothing that it does not have', async () => {
    serve({ transitions: [aTransition(), aTransition({ kind: 'evidence' })] });
    openApp(`/events/${EVENT}`);
    expect(await screen.findByText('Began')).toBeVisible();
    await waitFor(() => expect(screen.queryByText('evidence')).not.toBeInTheDocument());
    expect(screen.queryByLabelText('Heat map')).not.toBeInTheDocument();
    expect(screen.queryByText('Usually looks like this')).not.toBeInTheDocument();
    expect(screen.queryByText(/^Usual here/)).not.toBeInTheDocument();
  });
});
