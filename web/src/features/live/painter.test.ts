import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveFrame } from './frame';
import { Painter } from './painter';

type Finish = (how: 'drawn' | 'broken') => void;

/** Ends the decoding of each picture, in the order in which decoding began. */
let decoding: Finish[];
let drawn: number[];
let painter: Painter;

beforeEach(() => {
  decoding = [];
  drawn = [];
  vi.stubGlobal('createImageBitmap', () => {
    const bitmap = { width: 640, height: 360, close: () => undefined };
    return new Promise((resolve, reject) => {
      decoding.push((how) => (how === 'drawn' ? resolve(bitmap) : reject(new Error('no picture'))));
    });
  });
  const canvas = { width: 0, height: 0, getContext: () => ({ drawImage: () => undefined }) };
  painter = new Painter(canvas as unknown as HTMLCanvasElement, ({ header }) => drawn.push(header.sequence));
});

const frame = (sequence: number) => ({ header: { sequence }, jpeg: new Blob() }) as LiveFrame;

describe('painting', () => {
  it('tells that a picture is done after it is drawn', async () => {
    const done = vi.fn();
    painter.draw(frame(1), done);
    expect(done).not.toHaveBeenCalled();
    decoding[0]?.('drawn');
    await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
    expect(drawn).toEqual([1]);
  });

  it('draws the newest of those that came meanwhile, and gives the others up', async () => {
    const done = [vi.fn(), vi.fn(), vi.fn()] as const;
    done.forEach((each, index) => painter.draw(frame(index + 1), each));
    expect(done[1]).toHaveBeenCalledOnce();
    decoding[0]?.('drawn');
    await vi.waitFor(() => expect(decoding).toHaveLength(2));
    decoding[1]?.('drawn');
    await vi.waitFor(() => expect(done[2]).toHaveBeenCalledOnce());
    expect(drawn).toEqual([1, 3]);
    expect(done[1]).toHaveBeenCalledOnce();
  });

  it('gives the credit of a broken picture back too, and does not call it drawn', async () => {
    const done = vi.fn();
    painter.draw(frame(1), done);
    decoding[0]?.('broken');
    await vi.waitFor(() => expect(done).toHaveBeenCalledOnce());
    expect(drawn).toEqual([]);
  });
});
