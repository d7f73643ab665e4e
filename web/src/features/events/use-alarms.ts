import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { VigilEvent } from '@/api/types';
import { eventsQuery } from './api/list-events';
import { SEVERITIES } from './filters';

/** Camera id -> its worst event that has not ended and is not settled, out of the newest. */
export function useAlarms(): ReadonlyMap<string, VigilEvent> {
  const { data } = useInfiniteQuery(eventsQuery());
  return useMemo(() => alarmsOf(data?.pages.flatMap(({ results }) => results) ?? []), [data]);
}

export function alarmsOf(events: readonly VigilEvent[]): ReadonlyMap<string, VigilEvent> {
  const alarms = new Map<string, VigilEvent>();
  for (const event of events) {
    if (event.ended_at !== null || event.status === 'dismissed' || event.status === 'resolved') continue;
    const other = alarms.get(event.camera);
    if (other === undefined || rank(event) > rank(other)) alarms.set(event.camera, event);
  }
  return alarms;
}

function rank({ status, severity }: VigilEvent): number {
  return (status === 'new' ? 10 : 0) + SEVERITIES.indexOf(severity);
}
