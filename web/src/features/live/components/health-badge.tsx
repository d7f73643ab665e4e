import { useTranslation } from 'react-i18next';
import type { Health } from '@/api/types';
import { useTimes } from '@/hooks/use-times';
import { useStore } from '@/lib/store';
import { useLiveConnection } from '../live-context';
import classes from './health-badge.module.css';

interface Props {
  health: Health;
  siteId: number;
}

/** How a camera is, in a word, with since when or how far. Without its colour while the server does not reach us: it is
 * how the camera was then. */
export function HealthBadge({ health, siteId }: Props) {
  const { t } = useTranslation();
  const times = useTimes(siteId);
  const isOld = useStore(useLiveConnection().state) !== 'open';
  const text = t(`health.${health.state}`, {
    percent: Math.floor(health.progress * 100),
    time: times.time(health.since),
  });
  return (
    <span
      className={classes.badge}
      data-state={isOld ? 'old' : health.state}
      title={health.detail || undefined}
    >
      <span className={classes.dot} aria-hidden="true" />
      {text}
    </span>
  );
}
