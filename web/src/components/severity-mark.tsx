import { useTranslation } from 'react-i18next';
import type { Severity } from '@/api/types';
import classes from './severity-mark.module.css';

/** How bad, by colour and in a word. */
export function SeverityMark({ severity }: { severity: Severity }) {
  const { t } = useTranslation();
  return (
    <span className={classes.severity} data-severity={severity}>
      {t(`severity.${severity}`)}
    </span>
  );
}
