import { useTranslation } from 'react-i18next';
import type { VigilEvent } from '@/api/types';
import classes from './usual.module.css';

/** Normal pictures of the same camera, the most similar first: what is different is seen at a glance. */
export function Usual({ event }: { event: VigilEvent }) {
  const { t } = useTranslation();
  return (
    <ul className={classes.usual}>
      {event.usual.map((picture, index) => (
        <li key={picture}>
          <img
            src={picture}
            loading="lazy"
            alt={t('event.usualPicture', { camera: event.camera_name, number: index + 1 })}
          />
        </li>
      ))}
    </ul>
  );
}
