import type { Status } from '@/api/types';
import type { Action } from './api/change-event';

const ALLOWED: Record<Status, readonly Action[]> = {
  new: ['acknowledge', 'resolve', 'dismiss'],
  acknowledged: ['resolve', 'dismiss'],
  resolved: ['reopen'],
  dismissed: ['reopen'],
};

/** What can be done with an event in this state, the likeliest first. */
export function allowedActions(status: Status): readonly Action[] {
  return ALLOWED[status];
}
