import { useTranslation } from 'react-i18next';
import type { Status } from '@/api/types';
import classes from './marks.module.css';

/** Where an event is in the hands of people. */
export function StatusMark({ status }: { status: Status }) {
  const { t } = useTranslation();
  return (
    <span className={classes.status} data-status={status}>
      {t(`status.${status}`)}
    </span>
  );
}
