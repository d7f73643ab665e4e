import { useQuery } from '@tanstack/react-query';
import { useState, type PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Scores, VigilEvent } from '@/api/types';
import { useTimes } from '@/hooks/use-times';
import { scoresQuery } from '../api/get-scores';
import { curveOf, path, placeOf, type Curve, type Point } from '../curve';
import classes from './score-curve.module.css';

const WIDTH = 600;
const HEIGHT = 120;

/** How unusual each second was, beside the limit that held and what is usual there. */
export function ScoreCurve({ event }: { event: VigilEvent }) {
  const { t } = useTranslation();
  const { data: scores, isPending } = useQuery(scoresQuery(event.id, event.ended_at === null));
  const curve = scores === undefined ? null : curveOf(scores);
  if (isPending) return <div className={classes.blank} />;
  if (scores === undefined || curve === null) return <p className={classes.none}>{t('event.noScores')}</p>;
  return <Chart event={event} scores={scores} curve={curve} />;
}

interface ChartProps {
  event: VigilEvent;
  scores: Scores;
  curve: Curve;
}

function Chart({ event, scores, curve }: ChartProps) {
  const { t } = useTranslation();
  const times = useTimes(event.site);
  const [index, setIndex] = useState<number>();
  const point = (moved: PointerEvent<SVGSVGElement>) => {
    const { left, width } = moved.currentTarget.getBoundingClientRect();
    const share = (moved.clientX - left) / width;
    setIndex(Math.min(scores.scores.length - 1, Math.max(0, Math.floor(share * scores.scores.length))));
  };
  const from = placeOf(curve, event.started_at) * WIDTH;
  const to = event.ended_at === null ? WIDTH : placeOf(curve, event.ended_at) * WIDTH;
  const label = t('event.curveLabel', {
    peak: event.score.toFixed(2),
    threshold: event.threshold.toFixed(2),
  });

  return (
    <figure className={classes.figure}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
        onPointerMove={point}
        onPointerLeave={() => setIndex(undefined)}
      >
        {curve.band !== null && (
          <>
            <rect
              className={classes.band}
              y={(1 - curve.band.high) * HEIGHT}
              width={WIDTH}
              height={curve.band.high * HEIGHT}
            />
            <line
              className={classes.median}
              x2={WIDTH}
              y1={(1 - curve.band.median) * HEIGHT}
              y2={(1 - curve.band.median) * HEIGHT}
            />
          </>
        )}
        <rect className={classes.span} x={from} width={Math.max(2, to - from)} height={HEIGHT} />
        {curve.lines.map((line, stretch) => (
          <g key={stretch}>
            <path className={classes.area} d={area(line)} />
            <path className={classes.line} d={path(line, WIDTH, HEIGHT)} />
          </g>
        ))}
        <path className={classes.threshold} d={path(curve.threshold, WIDTH, HEIGHT)} />
        {index !== undefined && (
          <line
            className={classes.cursor}
            x1={((index + 0.5) / scores.scores.length) * WIDTH}
            x2={((index + 0.5) / scores.scores.length) * WIDTH}
            y2={HEIGHT}
          />
        )}
      </svg>
      <figcaption className={classes.caption}>
        <time>{times.time(curve.from)}</time>
        <Reading scores={scores} index={index} event={event} />
        <time>{times.time(curve.to)}</time>
      </figcaption>
      {scores.band !== null && <BandLegend band={scores.band} />}
    </figure>
  );
}

/** What the band in the chart says. */
function BandLegend({ band }: { band: NonNullable<Scores['band']> }) {
  const { t } = useTranslation();
  const values = { high: band.high.toFixed(2), median: band.median.toFixed(2) };
  return (
    <p className={classes.legend}>
      {band.basis === 'hour' ? t('event.bandHour', values) : t('event.bandDay', values)}
    </p>
  );
}

interface ReadingProps {
  scores: Scores;
  index: number | undefined;
  event: VigilEvent;
}

/** The figures of the second that is pointed at, else those of the event. */
function Reading({ scores, index, event }: ReadingProps) {
  const { t } = useTranslation();
  const times = useTimes(event.site);
  const figure = (value: number | null | undefined) => value?.toFixed(2) ?? '–';
  if (index === undefined) {
    return (
      <span>
        {t('event.peak')} <b>{figure(event.score)}</b> · {t('event.limit')} <b>{figure(event.threshold)}</b>
      </span>
    );
  }
  return (
    <span>
      {times.time(Date.parse(scores.from) + index * scores.step * 1_000)}{' '}
      <b>{figure(scores.scores[index])}</b> · {t('event.limit')} <b>{figure(scores.thresholds[index])}</b>
    </span>
  );
}

function area(line: readonly Point[]): string {
  const [first, last] = [line[0], line.at(-1)];
  if (first === undefined || last === undefined) return '';
  return path([{ x: first.x, y: 0 }, ...line, { x: last.x, y: 0 }], WIDTH, HEIGHT);
}
