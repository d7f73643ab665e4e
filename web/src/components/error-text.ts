import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/errors';
import en from '@/i18n/en.json';

type Known = keyof typeof en.problem;

/** What to tell a person about an error: a sentence of their language where its code says all, else the server's own
 * words. */
export function errorText(error: unknown, t: TFunction): string {
  if (!(error instanceof ApiError)) return t('error.unexpected');
  if (error.code === 'network') return t('error.network');
  if (isKnown(error.code)) return t(`problem.${error.code}`);
  return error.message || t('problem.unavailable');
}

function isKnown(code: string): code is Known {
  return Object.hasOwn(en.problem, code);
}

export function useErrorText(error: unknown): string {
  const { t } = useTranslation();
  return errorText(error, t);
}
