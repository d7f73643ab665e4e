import { useTranslation } from 'react-i18next';
import type { Health } from '@/api/types';
import { useTimes } from '@/hooks/use-times';
import classes from './health-badge.module.css';

interface Props {
  health: Health;
  siteId: number;
}

/** How a camera is, in a word, with since when or how far. */
export function HealthBadge({ health, siteId }: Props) {
  const { t } = useTranslation();
  const times = useTimes(siteId);
  const text = t(`health.${health.state}`, {
    percent: Math.floor(health.progress * 100),
    time: times.time(health.since),
  });
  return (
    <span className={classes.badge} data-state={health.state} title={health.detail || undefined}>
      <span className={classes.dot} aria-hidden="true" />
      {text}
    </span>
  );
}
