import type { HealthState } from '@/api/types';

export interface FrameHeader {
  camera: string;
  epoch: number;
  sequence: number;
  /** When it was captured, seconds since 1970. */
  at: number;
  /** How old it was when the server sent it, seconds. */
  age: number;
  score: number | null;
  threshold: number | null;
  state: HealthState;
}

/** A picture of the live view. */
export interface LiveFrame {
  header: FrameHeader;
  jpeg: Blob;
}

const LENGTH_BYTES = 4;

/** Takes a binary message apart: the length of the header (4 bytes, big-endian), the header (JSON), the JPEG.
 *
 * @throws SyntaxError or RangeError where it is none.
 */
export function parseFrame(message: ArrayBuffer): LiveFrame {
  const length = new DataView(message).getUint32(0);
  const text = new TextDecoder().decode(new Uint8Array(message, LENGTH_BYTES, length));
  return {
    header: JSON.parse(text) as FrameHeader,
    jpeg: new Blob([new Uint8Array(message, LENGTH_BYTES + length)], { type: 'image/jpeg' }),
  };
}
