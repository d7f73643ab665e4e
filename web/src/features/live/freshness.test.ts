import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FreshnessWatch, type Freshness } from './freshness';

let states: Freshness[];
let watch: FreshnessWatch;

beforeEach(() => {
  vi.useFakeTimers();
  states = [];
  watch = new FreshnessWatch((state) => states.push(state));
});

describe('a live picture', () => {
  it('is stale after two seconds without another', () => {
    watch.drawn(0);
    vi.advanceTimersByTime(1_999);
    expect(states).toEqual(['live']);
    vi.advanceTimersByTime(1);
    expect(states).toEqual(['live', 'stale']);
  });

  it('stays live while pictures come, and is live again with the next one', () => {
    for (let second = 0; second < 5; second += 1) {
      watch.drawn(0);
      vi.advanceTimersByTime(1_500);
    }
    expect(states).toEqual(['live']);
    vi.advanceTimersByTime(500);
    watch.drawn(0);
    expect(states).toEqual(['live', 'stale', 'live']);
  });

  it('has the time it took to come counted in', () => {
    watch.drawn(1.5);
    vi.advanceTimersByTime(499);
    expect(states).toEqual(['live']);
    vi.advanceTimersByTime(1);
    expect(states).toEqual(['live', 'stale']);
  });

  it('is found stale at once when a tab is shown whose timers slept', () => {
    watch.drawn(0);
    const woken = performance.now() + 60_000;
    vi.spyOn(performance, 'now').mockReturnValue(woken);
    watch.check();
    expect(states).toEqual(['live', 'stale']);
  });

  it('is never replaced by a change of the wall clock', () => {
    watch.drawn(0);
    vi.setSystemTime(Date.now() + 3_600_000);
    vi.advanceTimersByTime(1_000);
    expect(states).toEqual(['live']);
  });

  it('is missed where none came at all', () => {
    vi.advanceTimersByTime(2_000);
    expect(states).toEqual(['missing']);
  });

  it('is not judged any more once nobody looks', () => {
    watch.drawn(0);
    watch.stop();
    vi.advanceTimersByTime(10_000);
    expect(states).toEqual(['live']);
  });
});
