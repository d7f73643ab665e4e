import type { Scores } from '@/api/types';

/** Scores over time, ready to draw: x in 0..1 of the time shown, y in 0..1 of the highest value shown, up. */
export interface Curve {
  /** Unbroken stretches: where nothing was scored the line has a gap. */
  lines: readonly (readonly Point[])[];
  threshold: readonly Point[];
  /** How high ordinary seconds reach: half of them, and 99 % of them; null while nobody knows. */
  band: { median: number; high: number } | null;
  /** When the first second begins and the last one ends, milliseconds since 1970. */
  from: number;
  to: number;
  top: number;
}

export interface Point {
  x: number;
  y: number;
}

/** The curve of an event; null where nothing was scored. */
export function curveOf({ from, step, scores, thresholds, band }: Scores): Curve | null {
  const known = [...scores, ...thresholds, band?.high ?? null].filter((value) => value !== null);
  if (!scores.some((score) => score !== null)) return null;
  const top = Math.max(...known) * 1.08 || 1;
  const start = Date.parse(from);
  const stretches = (values: readonly (number | null)[]) => {
    const lines: Point[][] = [[]];
    values.forEach((value, index) => {
      if (value === null) lines.push([]);
      else lines.at(-1)?.push({ x: (index + 0.5) / values.length, y: value / top });
    });
    return lines.filter((line) => line.length > 0);
  };
  return {
    lines: stretches(scores),
    threshold: stretches(thresholds).flat(),
    band: band && { median: band.median / top, high: band.high / top },
    from: start,
    to: start + scores.length * step * 1_000,
    top,
  };
}

/** Where a moment stands on the curve, 0..1. */
export function placeOf(curve: Curve, moment: string): number {
  const place = (Date.parse(moment) - curve.from) / (curve.to - curve.from);
  return Math.min(1, Math.max(0, place));
}

/** An SVG path through the points of a drawing this wide and high. */
export function path(points: readonly Point[], width: number, height: number): string {
  return points
    .map(
      ({ x, y }, index) =>
        `${index === 0 ? 'M' : 'L'}${(x * width).toFixed(1)} ${((1 - y) * height).toFixed(1)}`,
    )
    .join('');
}
