import { Button, Loader } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { VigilEvent } from '@/api/types';
import { Failure } from '@/components/failure';
import { useTimes } from '@/hooks/use-times';
import { eventsQuery } from '../api/list-events';
import type { Filters } from '../filters';
import classes from './event-list.module.css';
import { EventRow } from './event-row';

/** Events by day, newest first; older ones come as one scrolls down to them. */
export function EventList({ filters }: { filters: Filters }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery(eventsQuery(filters));
  const { ref, entry } = useIntersection({ rootMargin: '300px' });
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = list;
  const wantsMore = entry?.isIntersecting && hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  useEffect(() => {
    if (wantsMore) void fetchNextPage();
  }, [wantsMore, fetchNextPage]);

  if (list.isPending) return <Loader className={classes.loader} size="sm" />;
  if (list.data === undefined) return <Failure error={list.error} onRetry={() => void list.refetch()} />;
  const events = list.data.pages.flatMap(({ results }) => results);
  // Of one camera: that is all there is of it, nothing was left out.
  const isFiltered = filters.status !== undefined || filters.severity !== undefined;
  if (events.length === 0) {
    return <p className={classes.empty}>{t(isFiltered ? 'events.emptyFiltered' : 'events.empty')}</p>;
  }
  return (
    <>
      <ol className={classes.list} aria-label={t('events.list')}>
        {events.map((event, index) => (
          <Entry key={event.id} event={event} before={events[index - 1]} filters={filters} />
        ))}
      </ol>
      <div ref={ref} className={classes.end}>
        {hasNextPage ? (
          <Button
            variant="subtle"
            size="xs"
            loading={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            {t('events.more')}
          </Button>
        ) : (
          t('events.end')
        )}
      </div>
    </>
  );
}

interface EntryProps {
  event: VigilEvent;
  before: VigilEvent | undefined;
  filters: Filters;
}

/** An event, with its day above it where another day was before. */
function Entry({ event, before, filters }: EntryProps) {
  const times = useTimes(event.site);
  const day = times.day(event.started_at);
  const isNewDay = before === undefined || times.day(before.started_at) !== day;
  return (
    <>
      {isNewDay && <li className={classes.day}>{day}</li>}
      <EventRow event={event} filters={filters} />
    </>
  );
}
