import { IconInbox } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { unreadQuery } from '../api/inbox';
import classes from './bell.module.css';

/** Above it, a number says no more than "many". */
const MOST_SHOWN = 99;

/** The way to the inbox, with how much in it is unread. */
export function Bell() {
  const { t } = useTranslation();
  const { data: unread = 0 } = useQuery(unreadQuery);
  return (
    <Link
      to="/inbox"
      className={classes.bell}
      aria-label={unread > 0 ? t('inbox.unread', { count: unread }) : t('inbox.title')}
      title={t('inbox.title')}
    >
      <IconInbox size={20} stroke={1.7} aria-hidden="true" />
      {unread > 0 && <span className={classes.count}>{unread > MOST_SHOWN ? `${MOST_SHOWN}+` : unread}</span>}
    </Link>
  );
}
