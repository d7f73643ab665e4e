import { IconVideoOff } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '@/api/types';
import { useInView } from '@/hooks/use-in-view';
import { useTimes } from '@/hooks/use-times';
import type { FrameHeader } from '../frame';
import { useLiveConnection } from '../live-context';
import { useLiveView } from '../use-live-view';
import classes from './live-picture.module.css';
import { ScoreMeter, type MeterHandle } from './score-meter';

interface Props {
  camera: Camera;
  fps: number;
  /** Hears of each picture drawn. */
  onHeader?: (header: FrameHeader) => void;
}

/** A camera's live picture with its score. An old picture is never shown as if it were live. */
export function LivePicture({ camera, fps, onHeader }: Props) {
  const { t } = useTranslation();
  const times = useTimes(camera.site);
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const meter = useRef<MeterHandle>(null);
  const inView = useInView(frame);
  const { freshness, lastPictureAt } = useLiveView(canvas, {
    connection: useLiveConnection(),
    camera: camera.id,
    fps,
    inView,
    onHeader: (header) => {
      meter.current?.show(header);
      onHeader?.(header);
    },
  });

  const veil = {
    live: undefined,
    blank: t('live.loading'),
    missing: camera.health.state === 'stopped' ? t('live.notRunning') : t('live.noPicture'),
    stale: t('live.noPictureSince', {
      time: lastPictureAt === undefined ? '?' : times.time(lastPictureAt * 1_000),
    }),
  }[freshness];

  return (
    <div ref={frame} className={classes.frame} data-freshness={freshness}>
      <canvas
        ref={canvas}
        className={classes.canvas}
        role="img"
        aria-label={t('live.picture', { camera: camera.name })}
      />
      {veil !== undefined && (
        <div className={classes.veil} role={freshness === 'stale' ? 'status' : undefined}>
          {freshness !== 'blank' && <IconVideoOff size={22} stroke={1.5} aria-hidden="true" />}
          <span>{veil}</span>
          {freshness !== 'blank' && camera.health.detail && <small>{camera.health.detail}</small>}
        </div>
      )}
      <div className={classes.meter}>
        <ScoreMeter ref={meter} />
      </div>
    </div>
  );
}
