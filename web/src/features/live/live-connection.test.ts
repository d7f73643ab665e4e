import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeWebSocket } from '@/testing/fake-web-socket';
import type { LiveFrame } from './frame';
import { LiveConnection, type Viewer } from './live-connection';

let connection: LiveConnection;
const onHealth = vi.fn();
const socket = () => FakeWebSocket.latest('/ws/live');

beforeEach(() => {
  connection = new LiveConnection({ onHealth });
  connection.open();
  socket().accept();
});

/** A binary message as the server builds it. */
function message(header: object, jpeg: number[] = [255, 216]): ArrayBuffer {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(4 + text.length + jpeg.length);
  new DataView(bytes.buffer).setUint32(0, text.length);
  bytes.set(text, 4);
  bytes.set(jpeg, 4 + text.length);
  return bytes.buffer;
}

/** A viewer that keeps what it gets, and draws nothing until told. */
function viewer(fps = 5) {
  const got: { frame: LiveFrame; done: () => void }[] = [];
  const it: Viewer = { fps, onFrame: (frame, done) => got.push({ frame, done }) };
  return { got, it };
}

const acks = () => socket().sent.filter((sent) => (sent as { type: string }).type === 'ack');

describe('watching a camera', () => {
  it('subscribes, and unsubscribes with the last viewer', () => {
    const stop = connection.watch('gate', viewer().it);
    stop();
    expect(socket().sent).toEqual([
      { type: 'subscribe', camera: 'gate', fps: 5 },
      { type: 'unsubscribe', camera: 'gate' },
    ]);
  });

  it('asks for the rate of whoever wants the highest', () => {
    connection.watch('gate', viewer(5).it);
    const stop = connection.watch('gate', viewer(15).it);
    stop();
    expect(socket().sent).toEqual([5, 15, 5].map((fps) => ({ type: 'subscribe', camera: 'gate', fps })));
  });

  it('subscribes again after a reconnect', async () => {
    connection.watch('gate', viewer().it);
    socket().break();
    await vi.waitFor(() => expect(FakeWebSocket.made).toHaveLength(2), 2_000);
    socket().accept();
    expect(socket().sent).toEqual([{ type: 'subscribe', camera: 'gate', fps: 5 }]);
  });

  it('hears how the camera is', () => {
    socket().say({ type: 'camera.status', camera: 'gate', state: 'stalled', detail: 'No packets.' });
    expect(onHealth).toHaveBeenCalledWith('gate', { state: 'stalled', detail: 'No packets.' });
  });
});

describe('a picture', () => {
  it('comes apart into header and JPEG', async () => {
    const { got, it: gate } = viewer();
    connection.watch('gate', gate);
    socket().say(message({ camera: 'gate', sequence: 7, age: 0.2 }, [1, 2, 3]));
    expect(got[0]?.frame.header).toMatchObject({ sequence: 7, age: 0.2 });
    expect(new Uint8Array((await got[0]?.frame.jpeg.arrayBuffer()) ?? new ArrayBuffer())).toEqual(
      new Uint8Array([1, 2, 3]),
    );
  });

  it('gives its credit back only when it is drawn', () => {
    const { got, it: gate } = viewer();
    connection.watch('gate', gate);
    socket().say(message({ camera: 'gate' }));
    expect(acks()).toEqual([]);
    got[0]?.done();
    expect(acks()).toEqual([{ type: 'ack', camera: 'gate' }]);
  });

  it('gives its credit back once, when the slowest of its viewers has drawn it', () => {
    const [small, large] = [viewer(), viewer()];
    connection.watch('gate', small.it);
    connection.watch('gate', large.it);
    socket().say(message({ camera: 'gate' }));
    small.got[0]?.done();
    expect(acks()).toHaveLength(0);
    large.got[0]?.done();
    expect(acks()).toHaveLength(1);
  });

  it('that comes after nobody looks any more is dropped', () => {
    const { got, it: gate } = viewer();
    connection.watch('gate', gate)();
    socket().say(message({ camera: 'gate' }));
    expect(got).toEqual([]);
  });
});
