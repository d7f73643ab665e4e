import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeWebSocket } from '@/testing/fake-web-socket';
import { backoff } from './backoff';
import { ReconnectingSocket } from './reconnecting-socket';

let socket: ReconnectingSocket;

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => socket.close());

function connect(silence?: number) {
  const states: string[] = [];
  const onRefused = vi.fn();
  socket = new ReconnectingSocket('/ws/events', {
    onMessage: () => undefined,
    onState: (state) => states.push(state),
    onRefused,
    silence,
    random: () => 1,
  });
  socket.open();
  return { states, onRefused };
}

describe('a socket that comes back', () => {
  it('waits longer before each try, and begins anew once it was open', () => {
    connect();
    FakeWebSocket.made[0]?.break();
    vi.advanceTimersByTime(499);
    expect(FakeWebSocket.made).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(FakeWebSocket.made).toHaveLength(2);
    FakeWebSocket.made[1]?.break();
    vi.advanceTimersByTime(999);
    expect(FakeWebSocket.made).toHaveLength(2);
    vi.advanceTimersByTime(1);
    FakeWebSocket.made[2]?.accept();
    FakeWebSocket.made[2]?.break();
    vi.advanceTimersByTime(500);
    expect(FakeWebSocket.made).toHaveLength(4);
  });

  it('tells its state', () => {
    const { states } = connect();
    FakeWebSocket.made[0]?.accept();
    FakeWebSocket.made[0]?.break();
    vi.advanceTimersByTime(500);
    expect(states).toEqual(['connecting', 'open', 'down', 'connecting']);
  });

  it('counts a line on which nothing is said as dead', () => {
    const { states } = connect(8_000);
    FakeWebSocket.made[0]?.accept();
    vi.advanceTimersByTime(7_000);
    FakeWebSocket.made[0]?.say({ type: 'sequence', sites: {} });
    vi.advanceTimersByTime(7_999);
    expect(states.at(-1)).toBe('open');
    vi.advanceTimersByTime(1);
    expect(states.at(-1)).toBe('down');
  });

  it('gives up a handshake that never ends', () => {
    const { states } = connect();
    vi.advanceTimersByTime(10_000);
    expect(states.at(-1)).toBe('down');
  });

  it('tries at once when the browser is online again', () => {
    connect();
    FakeWebSocket.made[0]?.break();
    window.dispatchEvent(new Event('online'));
    expect(FakeWebSocket.made).toHaveLength(2);
  });

  it('says when it is the session that is over', () => {
    const { onRefused } = connect();
    FakeWebSocket.made[0]?.break(1006);
    expect(onRefused).not.toHaveBeenCalled();
    vi.advanceTimersByTime(500);
    FakeWebSocket.made[1]?.break(4401);
    expect(onRefused).toHaveBeenCalledOnce();
  });

  it('stays away once it was closed', () => {
    connect();
    FakeWebSocket.made[0]?.break();
    socket.close();
    vi.advanceTimersByTime(60_000);
    window.dispatchEvent(new Event('online'));
    expect(FakeWebSocket.made).toHaveLength(1);
  });
});

describe('the pause before the next try', () => {
  it('is half fixed and half drawn by lot', () => {
    expect(backoff(2, () => 0)).toBe(1_000);
    expect(backoff(2, () => 1)).toBe(2_000);
  });

  it('is never longer than 15 s', () => {
    expect(backoff(1_000, () => 1)).toBe(15_000);
  });
});
