import { useTranslation } from 'react-i18next';
import type { Reason } from '@/api/types';
import { reasonText } from '../words';
import classes from './reasons.module.css';

/** Why the moment was unusual, most surprising first. */
export function Reasons({ reasons }: { reasons: readonly Reason[] }) {
  const { t, i18n } = useTranslation();
  if (reasons.length === 0) return <p className={classes.none}>{t('event.noReasons')}</p>;
  const most = Math.max(...reasons.map(({ surprise }) => surprise));
  return (
    <ol className={classes.reasons}>
      {reasons.map((reason) => (
        <li key={reason.attribute}>
          <span>{reasonText(reason, i18n.language, t)}</span>
          <span className={classes.bar} style={{ '--share': reason.surprise / most }} aria-hidden="true" />
          <b>{reason.surprise.toFixed(2)}</b>
        </li>
      ))}
    </ol>
  );
}
