import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { may, sessionQuery } from '@/api/session';
import type { Camera } from '@/api/types';
import classes from './camera-events.module.css';
import { EventList } from './event-list';
import { Missed } from './missed';

/** The newest events of one camera, and a place to say what is not among them. */
export function CameraEvents({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const { data: user } = useQuery(sessionQuery);
  const filters = { camera: camera.id };
  return (
    <>
      <header className={classes.head}>
        <h2>{t('live.newest')}</h2>
        <Anchor size="sm" renderRoot={(props) => <Link to="/events" search={filters} {...props} />}>
          {t('live.allEvents')}
        </Anchor>
      </header>
      <EventList filters={filters} />
      {user && may(user, 'operator', camera.site) && <Missed key={camera.id} camera={camera} />}
    </>
  );
}
