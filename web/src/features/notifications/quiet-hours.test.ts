import { describe, expect, it } from 'vitest';
import { shownDays, shownTime, storedDays, weekdayNames } from './quiet-hours';

describe('the days of quiet hours', () => {
  it('are all where the server names none', () => {
    expect(shownDays([])).toEqual(['0', '1', '2', '3', '4', '5', '6']);
    expect(storedDays(shownDays([]))).toEqual([]);
  });

  it('are those that were chosen, in the order of the week', () => {
    expect(storedDays(['5', '0'])).toEqual([0, 5]);
  });

  it('have their names, from Monday', () => {
    expect(weekdayNames('en')).toEqual(['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']);
    expect(weekdayNames('ko')[0]).toBe('월');
  });
});

describe('a time of the day', () => {
  it('has no seconds', () => {
    expect(shownTime('22:00:00')).toBe('22:00');
    expect(shownTime(null)).toBe('');
  });
});
