import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/errors';

/** What to tell a person about an error: the server's own words where it had any. */
export function errorText(error: unknown, t: TFunction): string {
  if (!(error instanceof ApiError)) return t('error.unexpected');
  if (error.code === 'network') return t('error.network');
  return error.message || t('error.unavailable');
}

export function useErrorText(error: unknown): string {
  const { t } = useTranslation();
  return errorText(error, t);
}
