import type { Health } from '@/api/types';
import { ReconnectingSocket, type SocketState } from '@/lib/reconnecting-socket';
import { Store } from '@/lib/store';
import { parseFrame, type LiveFrame } from './frame';

/** Gets a camera's pictures. It must call `done` once for each, when it is drawn or given up: that is the credit by
 * which the server sends the next one, so a slow screen gets fewer pictures and never old ones. */
export interface Viewer {
  fps: number;
  onFrame: (frame: LiveFrame, done: () => void) => void;
}

interface Options {
  /** Hears how a watched camera is, about once a second and only when that changed. */
  onHealth?: (camera: string, health: Health) => void;
  onRefused?: () => void;
}

/** `stale` and `error` need no answer: each tile knows by its own clock whether its picture is live. */
interface TextMessage {
  type: string;
  camera?: string;
}

/** The live pictures of all cameras on the page, over one socket. */
export class LiveConnection {
  readonly state = new Store<SocketState>('connecting');
  private readonly viewers = new Map<string, Set<Viewer>>();
  private readonly socket: ReconnectingSocket;

  constructor(private readonly options: Options = {}) {
    this.socket = new ReconnectingSocket('/ws/live', {
      onOpen: () => this.subscribeAll(),
      onMessage: (data) => this.receive(data),
      onState: (state) => this.state.set(state),
      onRefused: options.onRefused,
    });
  }

  /** Shows a camera to a viewer until the returned function is called. */
  watch(camera: string, viewer: Viewer): () => void {
    const viewers = this.viewers.get(camera) ?? new Set();
    this.viewers.set(camera, viewers.add(viewer));
    this.subscribe(camera);
    return () => {
      viewers.delete(viewer);
      if (viewers.size > 0) {
        this.subscribe(camera);
      } else {
        this.viewers.delete(camera);
        this.socket.send({ type: 'unsubscribe', camera });
      }
    };
  }

  open(): void {
    this.socket.open();
  }

  close(): void {
    this.socket.close();
  }

  private subscribeAll(): void {
    for (const camera of this.viewers.keys()) this.subscribe(camera);
  }

  private subscribe(camera: string): void {
    const fps = Math.max(...[...(this.viewers.get(camera) ?? [])].map((viewer) => viewer.fps));
    this.socket.send({ type: 'subscribe', camera, fps });
  }

  private receive(data: string | ArrayBuffer): void {
    if (typeof data === 'string') this.receiveText(data);
    else this.receiveFrame(parseFrame(data));
  }

  private receiveText(data: string): void {
    const { type, camera, ...rest } = JSON.parse(data) as TextMessage;
    if (type === 'camera.status' && camera !== undefined) this.options.onHealth?.(camera, rest as Health);
  }

  private receiveFrame(frame: LiveFrame): void {
    const { camera } = frame.header;
    const viewers = this.viewers.get(camera);
    // Sent before the server heard that nobody looks any more.
    if (viewers === undefined) return;
    let waiting = viewers.size;
    const done = () => {
      waiting -= 1;
      if (waiting === 0) this.socket.send({ type: 'ack', camera });
    };
    for (const viewer of [...viewers]) viewer.onFrame(frame, done);
  }
}
