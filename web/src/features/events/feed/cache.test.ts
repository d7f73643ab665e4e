import { describe, expect, it } from 'vitest';
import { anEvent } from '@/testing/rows';
import { withEvent, type Pages } from './cache';

const at = (second: number) => `2026-11-22T14:00:${String(second).padStart(2, '0')}Z`;
const event = (id: string, second: number, changes = {}) =>
  anEvent({ id, started_at: at(second), ...changes });

/** Two pages, of which the second is the last unless `next` says otherwise. */
const pages = (next: string | null = null): Pages => ({
  pages: [
    { results: [event('d', 40), event('c', 30)], next: '?cursor=2', previous: null },
    { results: [event('b', 20), event('a', 10)], next, previous: null },
  ],
  pageParams: [undefined, '2'],
});

const ids = ({ pages: all }: Pages) => all.map(({ results }) => results.map(({ id }) => id).join(''));

describe('putting an event into a list', () => {
  it('puts a new one first', () => {
    expect(ids(withEvent(pages(), event('e', 50), {}))).toEqual(['edc', 'ba']);
  });

  it('puts a late one where it belongs', () => {
    expect(ids(withEvent(pages(), event('x', 25), {}))).toEqual(['dc', 'xba']);
  });

  it('puts the oldest last where everything is loaded', () => {
    expect(ids(withEvent(pages(), event('x', 5), {}))).toEqual(['dc', 'bax']);
  });

  it('leaves out one older than what is loaded: it comes with its page', () => {
    expect(ids(withEvent(pages('?cursor=3'), event('x', 5), {}))).toEqual(['dc', 'ba']);
  });

  it('replaces one that changed, in its place', () => {
    const changed = withEvent(pages(), event('b', 20, { sequence: 2, status: 'resolved' }), {});
    expect(ids(changed)).toEqual(['dc', 'ba']);
    expect(changed.pages[1]?.results[0]?.status).toBe('resolved');
  });

  it('ignores what is older than what is there, in whatever order it comes', () => {
    const newer = withEvent(pages(), event('b', 20, { sequence: 3, status: 'resolved' }), {});
    expect(withEvent(newer, event('b', 20, { sequence: 2, status: 'acknowledged' }), {})).toBe(newer);
  });

  it('takes one out that the filter no longer lets in', () => {
    const acknowledged = event('c', 30, { sequence: 2, status: 'acknowledged' });
    expect(ids(withEvent(pages(), acknowledged, { status: 'new' }))).toEqual(['d', 'ba']);
  });

  it('keeps one out that the filter does not let in', () => {
    const before = pages();
    expect(withEvent(before, event('e', 50), { severity: 'low' })).toBe(before);
  });
});
