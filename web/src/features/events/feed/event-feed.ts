import type { QueryClient } from '@tanstack/react-query';
import { inboxKey } from '@/api/inbox-key';
import { sessionKey } from '@/api/session';
import type { VigilEvent } from '@/api/types';
import { ReconnectingSocket, type SocketState } from '@/lib/reconnecting-socket';
import { Store } from '@/lib/store';
import { eventListsKey, eventsSince } from '../api/list-events';
import { upsertEvent } from './cache';
import { parseMessage } from './messages';
import { caughtUp, hearAll, hearOne, type Heard, type Sequences } from './sequences';
import type { Unread } from './unread';

/** The server tells its numbers every 2 s. */
const SILENCE = 8_000;
const POLL = 5_000;

/** Keeps the cached events as they are in the database: by the socket, which is only a hint, by asking for what was
 * missed, and by polling while the socket is down. The same socket tells that the inbox changed. */
export class EventFeed {
  readonly state = new Store<SocketState>('connecting');
  private known: Sequences = {};
  private readonly newest: Record<string, number> = {};
  private readonly fetching = new Set<string>();
  private readonly socket: ReconnectingSocket;
  private poll: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly queryClient: QueryClient,
    private readonly unread: Unread,
  ) {
    this.socket = new ReconnectingSocket('/ws/events', {
      silence: SILENCE,
      onMessage: (data) => this.receive(data),
      onState: (state) => this.state.set(state),
      // Whether it is the session or only this socket, the server knows: 401 leads to the log-in.
      onRefused: () => void queryClient.invalidateQueries({ queryKey: sessionKey }),
    });
  }

  open(): void {
    this.poll = setInterval(() => this.askAnyway(), POLL);
    this.socket.open();
  }

  close(): void {
    clearInterval(this.poll);
    this.socket.close();
  }

  private receive(data: string | ArrayBuffer): void {
    const message = parseMessage(data);
    if (message === undefined) return;
    if (message.type === 'event.changed') {
      this.apply(message.event);
      this.note(String(message.site), message.sequence);
      this.follow(hearOne(this.known, String(message.site), message.sequence));
    } else if (message.type === 'inbox.changed') {
      this.refreshInbox();
    } else {
      // Nobody told of what came into the inbox while the socket was away.
      if (message.type === 'hello') this.refreshInbox();
      for (const [site, number] of Object.entries(message.sites)) this.newest[site] = number;
      this.follow(hearAll(this.known, message.sites));
    }
  }

  private follow({ known, behind, reload }: Heard): void {
    this.known = known;
    if (reload) this.reload();
    else for (const site of behind) void this.catchUp(site);
  }

  /** Fetches what changed in a site since the last number known. If it fails, the next number told asks again. */
  private async catchUp(site: string): Promise<void> {
    const since = this.known[site];
    if (since === undefined || this.fetching.has(site)) return;
    this.fetching.add(site);
    const target = this.newest[site] ?? since;
    try {
      const events = await eventsSince(Number(site), since);
      if (events === null) this.reload();
      for (const event of events ?? []) {
        this.apply(event);
        this.note(site, event.sequence);
      }
      const reached = Math.max(target, ...(events ?? []).map(({ sequence }) => sequence));
      this.known = caughtUp(this.known, site, reached);
    } catch {
      return;
    } finally {
      this.fetching.delete(site);
    }
    // What was told meanwhile may have left another gap.
    if ((this.newest[site] ?? 0) > (this.known[site] ?? 0)) await this.catchUp(site);
  }

  private askAnyway(): void {
    if (this.socket.isOpen) return;
    this.refreshInbox();
    const sites = Object.keys(this.known);
    if (sites.length === 0) this.reload();
    for (const site of sites) void this.catchUp(site);
  }

  private apply(event: VigilEvent): void {
    this.unread.heard(event);
    upsertEvent(this.queryClient, event);
  }

  private note(site: string, number: number): void {
    this.newest[site] = Math.max(this.newest[site] ?? 0, number);
  }

  private refreshInbox(): void {
    void this.queryClient.invalidateQueries({ queryKey: inboxKey });
  }

  private reload(): void {
    void this.queryClient.invalidateQueries({ queryKey: eventListsKey });
  }
}
