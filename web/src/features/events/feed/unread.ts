import type { VigilEvent } from '@/api/types';
import { Store } from '@/lib/store';

/** New events that came while nobody looked at the list, and when each came (for the list to let it slide in). */
export class Unread {
  readonly ids = new Store<ReadonlySet<string>>(new Set());
  private readonly arrivals = new Map<string, number>();
  private watched = false;

  constructor(
    /** Whether the event was shown before it was heard of. */
    private readonly isShown: (id: string) => boolean,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Call before the event is put into the cache. */
  heard(event: VigilEvent): void {
    const isNews = event.status === 'new' && !this.arrivals.has(event.id) && !this.isShown(event.id);
    if (isNews) this.arrivals.set(event.id, this.now());
    const ids = new Set(this.ids.get());
    if (event.status !== 'new') ids.delete(event.id);
    else if (isNews && !this.watched) ids.add(event.id);
    if (ids.size !== this.ids.get().size) this.ids.set(ids);
  }

  /** Whether somebody looks at the list; if so, all is read. */
  watch(watched: boolean): void {
    this.watched = watched;
    if (watched && this.ids.get().size > 0) this.ids.set(new Set());
  }

  /** Whether the event came within the last two seconds. */
  justArrived(id: string): boolean {
    return this.now() - (this.arrivals.get(id) ?? -Infinity) < 2_000;
  }
}
