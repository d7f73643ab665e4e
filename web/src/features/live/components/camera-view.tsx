import { ActionIcon, Group, Tooltip } from '@mantine/core';
import { IconArrowLeft, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '@/api/types';
import { useKeys } from '@/hooks/use-keys';
import { useTimes } from '@/hooks/use-times';
import classes from './camera-view.module.css';
import { HealthBadge } from './health-badge';
import { LivePicture } from './live-picture';

/** Pictures a second of the one camera that somebody looks at. */
const FOCUSED_FPS = 15;

interface Props {
  camera: Camera;
  /** All cameras in the order of the wall, to leaf through. */
  cameras: readonly Camera[];
  /** What stands beside the picture. */
  children: ReactNode;
}

/** One camera, as large as the screen allows. */
export function CameraView({ camera, cameras, children }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const times = useTimes(camera.site);
  const place = cameras.findIndex(({ id }) => id === camera.id);
  const neighbour = (step: number) => cameras.at((place + step + cameras.length) % cameras.length) ?? camera;
  const leaf = (step: number) => () =>
    void navigate({ to: '/live/$cameraId', params: { cameraId: neighbour(step).id } });
  useKeys({ Escape: () => void navigate({ to: '/live' }), ArrowLeft: leaf(-1), ArrowRight: leaf(1) });
  const { health } = camera;

  return (
    <div className={classes.page}>
      <section className={classes.stage}>
        <header className={classes.bar}>
          <Tooltip label={`${t('live.back')} (Esc)`}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('live.back')}
              renderRoot={(props) => <Link to="/live" {...props} />}
            >
              <IconArrowLeft size={18} />
            </ActionIcon>
          </Tooltip>
          <h1>{camera.name}</h1>
          <HealthBadge health={health} siteId={camera.site} />
          {cameras.length > 1 && (
            <Group gap={4} ml="auto" wrap="nowrap">
              <ActionIcon variant="default" aria-label={t('live.previous')} onClick={leaf(-1)}>
                <IconChevronLeft size={18} />
              </ActionIcon>
              <ActionIcon variant="default" aria-label={t('live.next')} onClick={leaf(1)}>
                <IconChevronRight size={18} />
              </ActionIcon>
            </Group>
          )}
        </header>
        <div className={classes.picture}>
          <LivePicture key={camera.id} camera={camera} fps={FOCUSED_FPS} />
        </div>
        <p className={classes.facts}>
          <span>{t('live.rate', { fps: health.frames_per_second.toFixed(1) })}</span>
          {health.last_frame_at !== null && (
            <span>
              {t('live.lastFrame')}: <time>{times.full(health.last_frame_at)}</time>
            </span>
          )}
          {health.provisional && health.trusted_in_seconds !== null && (
            <span>{t('live.provisional', { hours: Math.ceil(health.trusted_in_seconds / 3600) })}</span>
          )}
          {health.detail && <span className={classes.detail}>{health.detail}</span>}
        </p>
      </section>
      <aside className={classes.side}>{children}</aside>
    </div>
  );
}
