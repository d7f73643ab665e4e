/** How long to wait before the next try: doubles from half a second to 15 s, and half of it is drawn by lot, so that
 * the browsers of a control room do not all come back in the same instant.
 *
 * @param attempt counts from 0
 * @param random gives 0..1
 * @returns milliseconds
 */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(15_000, 500 * 2 ** Math.min(attempt, 10));
  return ceiling / 2 + (ceiling / 2) * random();
}
