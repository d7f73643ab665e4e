import { backoff } from './backoff';

export type SocketState = 'connecting' | 'open' | 'down';

/** Close codes by which the server says that the session, not the line, is over. */
const UNAUTHENTICATED = new Set([4401, 4403]);

interface Options {
  onMessage: (data: string | ArrayBuffer) => void;
  onOpen?: () => void;
  onState?: (state: SocketState) => void;
  /** The server refuses us: trying again alone will hardly help. */
  onRefused?: () => void;
  /** Milliseconds without any message after which the line counts as dead, for a server that speaks regularly. */
  silence?: number;
  random?: () => number;
}

/** A WebSocket that comes back: it reconnects with growing, jittered pauses until it is closed. */
export class ReconnectingSocket {
  private socket: WebSocket | undefined;
  private attempt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private closed = true;

  constructor(
    private readonly path: string,
    private readonly options: Options,
  ) {}

  open(): void {
    this.closed = false;
    window.addEventListener('online', this.retryNow);
    this.connect();
  }

  get isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  /** Sends now or not at all: whoever needs it again says it again in `onOpen`. */
  send(message: object): void {
    if (this.isOpen) this.socket?.send(JSON.stringify(message));
  }

  close(): void {
    this.closed = true;
    window.removeEventListener('online', this.retryNow);
    this.detach();
  }

  private readonly retryNow = (): void => {
    if (this.closed || this.isOpen) return;
    this.attempt = 0;
    this.connect();
  };

  private connect(): void {
    this.detach();
    this.options.onState?.('connecting');
    const url = new URL(this.path, location.origin);
    url.protocol = url.protocol.replace('http', 'ws');
    const socket = new WebSocket(url);
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.attempt = 0;
      this.listen();
      this.options.onState?.('open');
      this.options.onOpen?.();
    };
    socket.onmessage = (message: MessageEvent<string | ArrayBuffer>) => {
      this.listen();
      this.options.onMessage(message.data);
    };
    socket.onclose = ({ code }) => this.lost(code);
    this.socket = socket;
    // A handshake that never ends is as dead as a line that says nothing.
    this.listen(10_000);
  }

  private lost(code: number): void {
    this.detach();
    if (this.closed) return;
    this.options.onState?.('down');
    if (UNAUTHENTICATED.has(code)) this.options.onRefused?.();
    this.retry = setTimeout(() => this.connect(), backoff(this.attempt, this.options.random));
    this.attempt += 1;
  }

  private listen(patience = this.options.silence): void {
    clearTimeout(this.watchdog);
    if (patience !== undefined) this.watchdog = setTimeout(() => this.lost(1006), patience);
  }

  /** Lets go of the socket at once: waiting for its close event would take a minute on a dead line. */
  private detach(): void {
    clearTimeout(this.retry);
    clearTimeout(this.watchdog);
    const socket = this.socket;
    if (socket === undefined) return;
    this.socket = undefined;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}
