import type { VigilEvent } from '@/api/types';

/** What the server says on /ws/events. The event is exactly what REST shows. */
export type FeedMessage =
  | { type: 'hello' | 'sequence'; sites: Record<string, number> }
  | { type: 'event.changed'; site: number; sequence: number; event: VigilEvent }
  | { type: 'inbox.changed' };

const KINDS = new Set(['hello', 'sequence', 'event.changed', 'inbox.changed']);

/** The message, or undefined for a kind that a newer server may have. */
export function parseMessage(data: string | ArrayBuffer): FeedMessage | undefined {
  if (typeof data !== 'string') return undefined;
  const message = JSON.parse(data) as { type: string };
  return KINDS.has(message.type) ? (message as FeedMessage) : undefined;
}
