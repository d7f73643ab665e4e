import { ActionIcon, Loader, Tooltip } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { hasStatus } from '@/api/errors';
import { may } from '@/api/session';
import type { EventDetail, User } from '@/api/types';
import { Failure } from '@/components/failure';
import { SeverityMark } from '@/components/severity-mark';
import { useTimes } from '@/hooks/use-times';
import { eventQuery } from '../api/get-event';
import { durationText } from '../duration';
import type { Filters } from '../filters';
import { categoryText } from '../words';
import { EventActions } from './event-actions';
import classes from './event-view.module.css';
import { Evidence } from './evidence';
import { Reasons } from './reasons';
import { ScoreCurve } from './score-curve';
import { StatusMark } from './status-mark';
import { Timeline } from './timeline';
import { Usual } from './usual';

interface Props {
  id: string;
  user: User;
  filters: Filters;
}

/** Everything about one event. */
export function EventView({ id, user, filters }: Props) {
  const { t } = useTranslation();
  const { data: event, error, isPending, refetch } = useQuery(eventQuery(id));
  if (isPending) return <Loader size="sm" className={classes.loader} />;
  if (hasStatus(error, 404)) return <p className={classes.none}>{t('events.none')}</p>;
  if (event === undefined) return <Failure error={error} onRetry={() => void refetch()} />;
  return (
    <article className={classes.view} aria-labelledby="event-title">
      <Head event={event} filters={filters} />
      <Evidence key={event.id} event={event} />
      {may(user, 'operator', event.site) ? (
        <EventActions key={`${event.id}-actions`} event={event} />
      ) : (
        <p className={classes.hint}>{t('action.viewer')}</p>
      )}
      <Part title={t('event.why')}>
        <Reasons reasons={event.reasons} />
      </Part>
      {event.usual.length > 0 && (
        <Part title={t('event.usual')}>
          <Usual event={event} />
        </Part>
      )}
      <Part title={t('event.curve')}>
        <ScoreCurve event={event} />
      </Part>
      <Part title={t('event.timeline')}>
        <Timeline transitions={event.transitions} siteId={event.site} />
      </Part>
    </article>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.part}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Head({ event, filters }: { event: EventDetail; filters: Filters }) {
  const { t } = useTranslation();
  const times = useTimes(event.site);
  return (
    <header className={classes.head}>
      <ActionIcon
        variant="subtle"
        color="gray"
        className={classes.back}
        aria-label={t('events.back')}
        renderRoot={(props) => <Link to="/events" search={filters} {...props} />}
      >
        <IconArrowLeft size={18} />
      </ActionIcon>
      <div className={classes.title}>
        <h2 id="event-title">{categoryText(event.category, t)}</h2>
        <Link to="/live/$cameraId" params={{ cameraId: event.camera }}>
          {event.camera_name}
        </Link>
      </div>
      <p className={classes.facts}>
        <StatusMark status={event.status} />
        <SeverityMark severity={event.severity} />
        <time dateTime={event.started_at}>{times.full(event.started_at)}</time>
        {event.ended_at === null ? (
          <em>{t('events.ongoing')}</em>
        ) : (
          <span>
            {t('event.duration')} {durationText(event.started_at, event.ended_at, t)}
          </span>
        )}
        {event.provisional && (
          <Tooltip label={t('events.provisionalHint')}>
            <span>{t('events.provisional')}</span>
          </Tooltip>
        )}
      </p>
    </header>
  );
}
