import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VigilEvent } from '@/api/types';
import { SeverityMark } from '@/components/severity-mark';
import { useTimes } from '@/hooks/use-times';
import { durationText } from '../duration';
import { useFeed } from '../feed/feed-context';
import type { Filters } from '../filters';
import { categoryText } from '../words';
import classes from './event-row.module.css';
import { StatusMark } from './status-mark';

interface Props {
  event: VigilEvent;
  /** Kept in the address when the event is chosen. */
  filters: Filters;
}

/** One event in a list. */
export function EventRow({ event, filters }: Props) {
  const { t } = useTranslation();
  const times = useTimes(event.site);
  const { unread } = useFeed();
  const [arriving] = useState(() => unread.justArrived(event.id));
  const category = categoryText(event.category, t);
  const ofOneCamera = filters.camera !== undefined;
  return (
    <li className={classes.item} data-arriving={arriving}>
      <Link
        to="/events/$eventId"
        params={{ eventId: event.id }}
        search={filters}
        className={classes.row}
        data-severity={event.severity}
        data-state={event.status}
        data-event={event.id}
      >
        <span className={classes.thumbnail}>
          {event.snapshot !== null && <img src={event.snapshot} alt="" loading="lazy" decoding="async" />}
        </span>
        <span className={classes.text}>
          <span className={classes.line}>
            <strong>{ofOneCamera ? category : event.camera_name}</strong>
            <StatusMark status={event.status} />
          </span>
          {!ofOneCamera && <span className={classes.category}>{category}</span>}
          <span className={classes.line}>
            <SeverityMark severity={event.severity} />
            <span className={classes.when}>
              <time dateTime={event.started_at} title={times.full(event.started_at)}>
                {times.time(event.started_at)}
              </time>
              {event.ended_at === null ? (
                <em>{t('events.ongoing')}</em>
              ) : (
                <span>{durationText(event.started_at, event.ended_at, t)}</span>
              )}
            </span>
          </span>
        </span>
      </Link>
    </li>
  );
}
