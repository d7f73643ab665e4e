/** All days, 0 for Monday. The server has none instead of all. */
export const WEEK = [0, 1, 2, 3, 4, 5, 6] as const;

/** What the chips show: every day where the server names none. */
export function shownDays(days: readonly number[] = []): string[] {
  return (days.length === 0 ? WEEK : days).map(String);
}

/** What the server stores: none where every day is chosen. */
export function storedDays(days: readonly string[]): number[] {
  const chosen = days.map(Number).sort();
  return chosen.length === WEEK.length ? [] : chosen;
}

/** Mon, Tue, … in this language. */
export function weekdayNames(language: string): string[] {
  const format = new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' });
  // The first of January 2024 was a Monday.
  return WEEK.map((day) => format.format(Date.UTC(2024, 0, 1 + day)));
}

/** 22:00 out of 22:00:00. */
export function shownTime(time: string | null | undefined): string {
  return time?.slice(0, 5) ?? '';
}
