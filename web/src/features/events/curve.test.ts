import { describe, expect, it } from 'vitest';
import { curveOf, path, placeOf } from './curve';

const from = '2026-11-22T14:00:00Z';

describe('the curve of scores', () => {
  it('has a gap where nothing was scored', () => {
    const curve = curveOf({ from, step: 1, scores: [1, 2, null, 4], thresholds: [1, 1, 1, 1], band: null });
    expect(curve?.lines.map((line) => line.length)).toEqual([2, 1]);
  });

  it('leaves room above the highest value, be it a score or the threshold', () => {
    expect(curveOf({ from, step: 1, scores: [1], thresholds: [2], band: null })?.top).toBeCloseTo(2.16);
  });

  it('has the normal band in its own measure, and room for it', () => {
    const band = { median: 1, high: 4, basis: 'hour' as const };
    const curve = curveOf({ from, step: 1, scores: [2], thresholds: [2], band });
    expect(curve?.top).toBeCloseTo(4.32);
    expect(curve?.band?.high).toBeCloseTo(4 / 4.32);
    expect(curve?.band?.median).toBeCloseTo(1 / 4.32);
  });

  it('is none where nothing was scored', () => {
    expect(curveOf({ from, step: 1, scores: [null], thresholds: [1], band: null })).toBeNull();
    expect(curveOf({ from, step: 1, scores: [], thresholds: [], band: null })).toBeNull();
  });

  it('knows where a moment stands, and keeps one outside at the edge', () => {
    const curve = curveOf({ from, step: 1, scores: [1, 1, 1, 1], thresholds: [], band: null });
    if (curve === null) throw new Error('no curve');
    expect(placeOf(curve, '2026-11-22T14:00:01Z')).toBe(0.25);
    expect(placeOf(curve, '2026-11-22T15:00:00Z')).toBe(1);
  });

  it('is drawn with the highest value on top', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ];
    expect(path(points, 100, 50)).toBe('M0.0 50.0L100.0 0.0');
  });
});
