import type { TFunction } from 'i18next';
import type { Reason } from '@/api/types';
import en from '@/i18n/en.json';

/** The name of a category. One that a newer server has and we do not know yet is shown as it is called there. */
export function categoryText(category: string, t: TFunction): string {
  if (category in en.category) return t(`category.${category as keyof typeof en.category}`);
  const words = category.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Why it was unusual. The worker says it in English and with figures; other languages say it by the attribute. */
export function reasonText({ attribute, text }: Reason, language: string, t: TFunction): string {
  if (language === 'en' || !(attribute in en.reason)) return text;
  return t(`reason.${attribute as keyof typeof en.reason}`);
}
