import { useEffect, useRef, useState, type RefObject } from 'react';
import type { FrameHeader } from './frame';
import { FreshnessWatch, type Freshness } from './freshness';
import type { LiveConnection } from './live-connection';
import { Painter } from './painter';

interface LiveView {
  freshness: Freshness;
  /** When the picture shown was captured, seconds since 1970; known while it is stale. */
  lastPictureAt: number | undefined;
}

interface Options {
  connection: LiveConnection;
  camera: string;
  fps: number;
  /** Whether anybody can see the canvas: if not, no picture is asked for. */
  inView: boolean;
  onHeader: (header: FrameHeader) => void;
}

/** Draws a camera's live pictures on the canvas. React hears of changes only, not of each picture. */
export function useLiveView(
  canvas: RefObject<HTMLCanvasElement | null>,
  { connection, camera, fps, inView, onHeader }: Options,
): LiveView {
  const [freshness, setFreshness] = useState<Freshness>('blank');
  const [lastPictureAt, setLastPictureAt] = useState<number>();
  const watch = useRef<FreshnessWatch>(null);
  const capturedAt = useRef<number>(undefined);
  const header = useRef(onHeader);
  useEffect(() => {
    header.current = onHeader;
  });

  useEffect(() => {
    const fresh = new FreshnessWatch((state) => {
      setFreshness(state);
      setLastPictureAt(capturedAt.current);
    });
    watch.current = fresh;
    document.addEventListener('visibilitychange', fresh.check);
    return () => {
      document.removeEventListener('visibilitychange', fresh.check);
      fresh.stop();
    };
  }, [camera]);

  useEffect(() => {
    if (!inView || canvas.current === null) return;
    const painter = new Painter(canvas.current, (frame) => {
      capturedAt.current = frame.header.at;
      watch.current?.drawn(frame.header.age);
      header.current(frame.header);
    });
    const onFrame = painter.draw.bind(painter);
    return connection.watch(camera, { fps, onFrame });
  }, [connection, camera, fps, inView, canvas]);

  return { freshness, lastPictureAt };
}
