import { IconBell, IconLayoutGrid } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useFeed } from '@/features/events/feed/feed-context';
import { useStore } from '@/lib/store';
import classes from './navigation.module.css';

/** The rooms of the application; on a phone at the bottom. */
export function Navigation() {
  const { t } = useTranslation();
  const unread = useStore(useFeed().unread.ids).size;
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Vigil` : 'Vigil';
    return () => {
      document.title = 'Vigil';
    };
  }, [unread]);
  return (
    <nav className={classes.navigation} aria-label={t('nav.label')}>
      <Link to="/live" className={classes.link}>
        <IconLayoutGrid size={18} stroke={1.7} aria-hidden="true" />
        {t('nav.live')}
      </Link>
      <Link to="/events" className={classes.link}>
        <IconBell size={18} stroke={1.7} aria-hidden="true" />
        {t('nav.events')}
        {unread > 0 && (
          <span className={classes.count} aria-label={t('nav.unread', { count: unread })}>
            {unread}
          </span>
        )}
      </Link>
    </nav>
  );
}
