import { Store, useStore } from '@/lib/store';

/** Whose clock times are shown by: that of the site where the camera hangs, or that of this browser. */
export type TimesIn = 'site' | 'browser';

const STORED = 'vigil.times';

const timesIn = new Store<TimesIn>(localStorage.getItem(STORED) === 'browser' ? 'browser' : 'site');

export function useTimesIn(): TimesIn {
  return useStore(timesIn);
}

export function chooseTimesIn(choice: TimesIn): void {
  localStorage.setItem(STORED, choice);
  timesIn.set(choice);
}
