import type { TFunction } from 'i18next';
import en from '@/i18n/en.json';

/** The name of a category. One that a newer server has and we do not know yet is shown as it is called there. */
export function categoryText(category: string, t: TFunction): string {
  if (category in en.category) return t(`category.${category as keyof typeof en.category}`);
  const words = category.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
