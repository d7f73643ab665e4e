import { useTranslation } from 'react-i18next';
import type { Camera, HealthState } from '@/api/types';
import classes from './state-counts.module.css';

const ORDER: readonly HealthState[] = [
  'failed',
  'offline',
  'stalled',
  'connecting',
  'waiting',
  'learning',
  'watching',
  'stopped',
];

/** How many cameras are in which state, what needs a person first. */
export function StateCounts({ cameras }: { cameras: readonly Camera[] }) {
  const { t } = useTranslation();
  const counts = ORDER.map((state) => ({
    state,
    count: cameras.filter(({ health }) => health.state === state).length,
  }));
  return (
    <ul className={classes.counts}>
      {counts
        .filter(({ count }) => count > 0)
        .map(({ state, count }) => (
          <li key={state} data-state={state}>
            <strong>{count}</strong> {t(`state.${state}`)}
          </li>
        ))}
    </ul>
  );
}
