import { describe, expect, it } from 'vitest';
import { timesIn } from './times';

const moment = '2026-11-22T15:04:05Z';

describe('times', () => {
  it("are those of the site's zone, on a 24-hour clock", () => {
    expect(timesIn('en', 'Asia/Seoul').full(moment)).toBe('23 Nov 2026, 00:04:05');
    expect(timesIn('ko', 'UTC').time(moment)).toBe('15:04:05');
  });

  it('take a zone that the browser does not know for UTC', () => {
    expect(timesIn('en', 'Mars/Olympus').time(moment)).toBe('15:04:05');
  });

  it('say how long ago in the language', () => {
    const now = Date.parse(moment);
    expect(timesIn('en', 'UTC').ago(now - 3_000, now)).toBe('3 seconds ago');
    expect(timesIn('ko', 'UTC').ago(now - 7_200_000, now)).toBe('2시간 전');
  });

  it('never lie in the future where two clocks differ', () => {
    expect(timesIn('en', 'UTC').ago(moment, Date.parse(moment) - 5_000)).toBe('now');
  });
});
