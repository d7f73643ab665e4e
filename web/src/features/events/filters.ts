import type { Severity, Status, VigilEvent } from '@/api/types';

export const STATUSES: readonly Status[] = ['new', 'acknowledged', 'resolved', 'dismissed'];
export const SEVERITIES: readonly Severity[] = ['low', 'medium', 'high', 'critical'];

/** What the list is narrowed to; it lives in the address, so that it can be sent to a colleague. */
export interface Filters {
  camera?: string;
  status?: Status;
  severity?: Severity;
}

/** The filters in an address, without whatever is not one. */
export function parseFilters(search: Record<string, unknown>): Filters {
  return {
    camera: typeof search.camera === 'string' ? search.camera : undefined,
    status: STATUSES.find((status) => status === search.status),
    severity: SEVERITIES.find((severity) => severity === search.severity),
  };
}

/** Whether the server's list with these filters holds the event. */
export function matches(filters: Filters, event: VigilEvent): boolean {
  return (
    (filters.camera === undefined || filters.camera === event.camera) &&
    (filters.status === undefined || filters.status === event.status) &&
    (filters.severity === undefined || filters.severity === event.severity)
  );
}
