/** After so long without a picture the last one is no longer shown as live. Milliseconds. */
export const STALE_AFTER = 2_000;

/** What a tile shows: nothing yet, a live picture, or an old one. `blank` turns `missing` when none came in time. */
export type Freshness = 'blank' | 'missing' | 'live' | 'stale';

/** Watches, on this browser's monotonic clock, whether the picture shown is still live. It trusts neither the server to
 * say so nor the wall clocks of two machines to agree. */
export class FreshnessWatch {
  private state: Freshness = 'blank';
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** When the newest picture was captured, on this clock; or when the watch began. */
  private newest: number;

  constructor(
    private readonly onChange: (state: Freshness) => void,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.newest = this.now();
    this.check();
  }

  /** A picture was drawn that was this old, in seconds, when the server sent it. */
  drawn(age: number): void {
    this.newest = this.now() - Math.max(0, age) * 1_000;
    this.become('live');
    this.check();
  }

  /** Looks again: timers sleep in a hidden tab. */
  readonly check = (): void => {
    clearTimeout(this.timer);
    const left = this.newest + STALE_AFTER - this.now();
    if (left > 0) this.timer = setTimeout(this.check, left);
    else if (this.state === 'live') this.become('stale');
    else if (this.state === 'blank') this.become('missing');
  };

  stop(): void {
    clearTimeout(this.timer);
  }

  private become(state: Freshness): void {
    if (state === this.state) return;
    this.state = state;
    this.onChange(state);
  }
}
