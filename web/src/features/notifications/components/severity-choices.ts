import { useTranslation } from 'react-i18next';
import type { Severity } from '@/api/types';

const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high', 'critical'];

/** From which severity on: of everything, of what is at least medium, … */
export function useSeverityChoices(): { value: Severity; label: string }[] {
  const { t } = useTranslation();
  return SEVERITIES.map((value) => ({ value, label: t(`floor.${value}`) }));
}
