import { useMutation, useQueryClient } from '@tanstack/react-query';
import { client, dataOf } from '@/api/client';
import { hasStatus } from '@/api/errors';
import type { EventDetail } from '@/api/types';
import { upsertEvent } from '../feed/cache';
import { eventKey } from './get-event';

export type Action = 'acknowledge' | 'resolve' | 'dismiss' | 'reopen';

export interface Change {
  action: Action;
  note?: string;
}

function post(id: string, { action, note = '' }: Change): Promise<EventDetail> {
  const asked = { params: { path: { id } }, body: { note } };
  switch (action) {
    case 'acknowledge':
      return dataOf(client.POST('/api/v1/events/{id}/acknowledge', asked));
    case 'resolve':
      return dataOf(client.POST('/api/v1/events/{id}/resolve', asked));
    case 'dismiss':
      return dataOf(client.POST('/api/v1/events/{id}/dismiss', asked));
    case 'reopen':
      return dataOf(client.POST('/api/v1/events/{id}/reopen', asked));
  }
}

/** Changes the state of an event. Where a colleague was first (409), the event is loaded anew to show who it was. */
export function useChangeEvent(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (change: Change) => post(id, change),
    meta: { handled: (error) => hasStatus(error, 409) },
    onSuccess: (event) => {
      upsertEvent(queryClient, event);
      return queryClient.invalidateQueries({ queryKey: eventKey(id) });
    },
    onError: (error) => {
      if (hasStatus(error, 409)) return queryClient.invalidateQueries({ queryKey: eventKey(id) });
    },
  });
}
