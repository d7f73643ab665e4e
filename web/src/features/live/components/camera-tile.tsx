import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera, Severity } from '@/api/types';
import classes from './camera-tile.module.css';
import { HealthBadge } from './health-badge';
import { LivePicture } from './live-picture';

/** Pictures a second, where the camera does not say. */
const LIVE_FPS = 5;

/** An event of a camera that has not ended. */
export interface Alarm {
  severity: Severity;
  /** Nobody has acknowledged it yet. */
  isNew: boolean;
}

interface Props {
  camera: Camera;
  alarm?: Alarm;
}

/** One camera on the wall. Others' news leaves it alone. */
export const CameraTile = memo(function CameraTile({ camera, alarm }: Props) {
  const { t } = useTranslation();
  return (
    <article className={classes.tile} data-severity={alarm?.severity} data-new={alarm?.isNew}>
      <LivePicture camera={camera} fps={camera.live_fps ?? LIVE_FPS} />
      <footer className={classes.foot}>
        <Link
          to="/live/$cameraId"
          params={{ cameraId: camera.id }}
          className={classes.name}
          aria-label={t('live.open', { camera: camera.name })}
        >
          {camera.name}
        </Link>
        {alarm && <strong className={classes.alarm}>{t('live.alarm')}</strong>}
        <HealthBadge health={camera.health} siteId={camera.site} />
      </footer>
    </article>
  );
});
