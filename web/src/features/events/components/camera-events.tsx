import { Anchor, Loader } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Failure } from '@/components/failure';
import { eventsQuery } from '../api/list-events';
import classes from './camera-events.module.css';
import { EventRow } from './event-row';

const SHOWN = 12;

/** The newest events of one camera. */
export function CameraEvents({ camera }: { camera: string }) {
  const { t } = useTranslation();
  const filters = { camera };
  const { data, error, isPending, refetch } = useInfiniteQuery(eventsQuery(filters));
  if (isPending) return <Loader size="sm" m="xl" />;
  if (data === undefined) return <Failure error={error} onRetry={() => void refetch()} />;
  const events = data.pages.flatMap(({ results }) => results).slice(0, SHOWN);
  return (
    <>
      <header className={classes.head}>
        <h2>{t('live.newest')}</h2>
        <Anchor size="sm" renderRoot={(props) => <Link to="/events" search={filters} {...props} />}>
          {t('live.allEvents')}
        </Anchor>
      </header>
      {events.length === 0 ? (
        <p className={classes.none}>{t('events.empty')}</p>
      ) : (
        <ol className={classes.list}>
          {events.map((event) => (
            <EventRow key={event.id} event={event} filters={filters} />
          ))}
        </ol>
      )}
    </>
  );
}
