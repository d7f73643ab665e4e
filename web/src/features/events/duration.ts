import type { TFunction } from 'i18next';

/** How long it lasted: 41 s, 3 min 5 s. */
export function durationText(from: string, to: string, t: TFunction): string {
  const total = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1_000));
  if (total < 60) return t('event.seconds', { seconds: total });
  return t('event.minutes', { minutes: Math.floor(total / 60), seconds: total % 60 });
}
