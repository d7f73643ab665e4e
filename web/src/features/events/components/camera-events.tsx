import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './camera-events.module.css';
import { EventList } from './event-list';

/** The newest events of one camera. */
export function CameraEvents({ camera }: { camera: string }) {
  const { t } = useTranslation();
  const filters = { camera };
  return (
    <>
      <header className={classes.head}>
        <h2>{t('live.newest')}</h2>
        <Anchor size="sm" renderRoot={(props) => <Link to="/events" search={filters} {...props} />}>
          {t('live.allEvents')}
        </Anchor>
      </header>
      <EventList filters={filters} />
    </>
  );
}
