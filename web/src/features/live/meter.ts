/** Where on the meter the threshold stands: room above it for what is far over. */
export const THRESHOLD_AT = 2 / 3;

/** How much of the meter a score fills, 0..1; 0 where there is no threshold to compare it with. */
export function filled(score: number | null, threshold: number | null): number {
  if (score === null || threshold === null || threshold <= 0) return 0;
  return Math.min(1, Math.max(0, (score / threshold) * THRESHOLD_AT));
}
