import { VisuallyHidden } from '@mantine/core';
import { Link, Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { User } from '@/api/types';
import classes from './settings-layout.module.css';

/** What one sets for oneself, and for the sites that one manages. */
export function SettingsLayout({ user }: { user: User }) {
  const { t } = useTranslation();
  const manages = user.sites.some(({ role }) => role === 'manager');
  return (
    <div className={classes.page}>
      {/* The tabs say it to the eye. */}
      <VisuallyHidden component="h1">{t('settings.label')}</VisuallyHidden>
      <nav className={classes.tabs} aria-label={t('settings.label')}>
        <Link to="/account" activeOptions={{ exact: true }} className={classes.tab}>
          {t('settings.account')}
        </Link>
        <Link to="/account/notifications" className={classes.tab}>
          {t('settings.notifications')}
        </Link>
        {manages && (
          <Link to="/account/members" className={classes.tab}>
            {t('settings.members')}
          </Link>
        )}
      </nav>
      <Outlet />
    </div>
  );
}
