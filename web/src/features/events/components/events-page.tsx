import { Kbd } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageVisible } from '@/hooks/use-in-view';
import { useKeys } from '@/hooks/use-keys';
import { eventsQuery } from '../api/list-events';
import { useFeed } from '../feed/feed-context';
import type { Filters } from '../filters';
import { EventList } from './event-list';
import classes from './events-page.module.css';
import { FilterBar } from './filter-bar';

interface Props {
  filters: Filters;
  onFilter: (filters: Filters) => void;
  cameras: readonly { id: string; name: string }[];
  /** The event that is looked at. */
  chosen: string | undefined;
  /** What shows it. */
  children: ReactNode;
}

/** The list of events, and beside it (on a phone: in its place) the one that was chosen. */
export function EventsPage({ filters, onFilter, cameras, chosen, children }: Props) {
  const { t } = useTranslation();
  const pane = useRef<HTMLElement>(null);
  useReadWhileSeen();
  useListKeys(filters, chosen, pane);
  return (
    <div className={classes.page} data-chosen={chosen !== undefined}>
      <section className={classes.list} ref={pane}>
        <header className={classes.bar}>
          <h1>{t('events.title')}</h1>
          <FilterBar filters={filters} onChange={onFilter} cameras={cameras} />
        </header>
        <EventList key={JSON.stringify(filters)} filters={filters} />
        <footer className={classes.keys}>
          <span>
            <Kbd size="xs">j</Kbd> <Kbd size="xs">k</Kbd> {t('events.keys.move')}
          </span>
          <span>
            <Kbd size="xs">a</Kbd> {t('events.keys.acknowledge')}
          </span>
          <span>
            <Kbd size="xs">r</Kbd> {t('events.keys.resolve')}
          </span>
          <span>
            <Kbd size="xs">d</Kbd> {t('events.keys.dismiss')}
          </span>
        </footer>
      </section>
      <section className={classes.detail}>{children}</section>
    </div>
  );
}

/** Events that come while the list is on the screen are not unread. */
function useReadWhileSeen(): void {
  const { unread } = useFeed();
  const visible = usePageVisible();
  useEffect(() => {
    unread.watch(visible);
    return () => unread.watch(false);
  }, [unread, visible]);
}

/** j and k choose the next and the previous event of the list. */
function useListKeys(
  filters: Filters,
  chosen: string | undefined,
  pane: { current: HTMLElement | null },
): void {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const step = (by: number) => {
    const pages = queryClient.getQueryData(eventsQuery(filters).queryKey)?.pages ?? [];
    const ids = pages.flatMap(({ results }) => results.map(({ id }) => id));
    const from = chosen === undefined ? -1 : ids.indexOf(chosen);
    const id = ids[Math.max(0, from + by)];
    if (id === undefined) return;
    pane.current?.querySelector(`[data-event="${id}"]`)?.scrollIntoView({ block: 'nearest' });
    void navigate({
      to: '/events/$eventId',
      params: { eventId: id },
      search: filters,
      replace: chosen !== undefined,
    });
  };
  useKeys({ j: () => step(1), k: () => step(-1) });
}
