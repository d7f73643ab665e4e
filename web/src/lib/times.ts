/** Formats moments for people, always on a 24-hour clock. Moments are ISO 8601 texts or milliseconds since 1970. */
export interface Times {
  /** 14:02:11 */
  time: (moment: Moment) => string;
  /** Sun, 22 Nov */
  day: (moment: Moment) => string;
  /** 22 Nov 2026, 14:02:11 */
  full: (moment: Moment) => string;
  /** 3 seconds ago, 2 hours ago */
  ago: (moment: Moment, now?: number) => string;
}

type Moment = string | number;

/** Plain `en` would be American: the month before the day. */
const LOCALES: Readonly<Record<string, string | undefined>> = { en: 'en-GB' };

/** @param timeZone an IANA name; undefined: this browser's. A name the browser does not know counts as UTC. */
export function timesIn(language: string, timeZone: string | undefined): Times {
  const zone = known(timeZone);
  const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(LOCALES[language] ?? language, { ...options, timeZone: zone });
    return (moment: Moment) => formatter.format(new Date(moment));
  };
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  return {
    time: format(clock),
    day: format({ day: 'numeric', month: 'short', weekday: 'short' }),
    full: format({ ...clock, day: 'numeric', month: 'short', year: 'numeric' }),
    ago: (moment, now = Date.now()) => {
      const [amount, unit] = largest(Math.min(0, (new Date(moment).getTime() - now) / 1_000));
      return relative.format(amount, unit);
    },
  };
}

function largest(seconds: number): [number, Intl.RelativeTimeFormatUnit] {
  if (seconds > -60) return [Math.round(seconds), 'second'];
  if (seconds > -3_600) return [Math.round(seconds / 60), 'minute'];
  if (seconds > -86_400) return [Math.round(seconds / 3_600), 'hour'];
  return [Math.round(seconds / 86_400), 'day'];
}

function known(timeZone: string | undefined): string | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return timeZone;
  } catch {
    return 'UTC';
  }
}
