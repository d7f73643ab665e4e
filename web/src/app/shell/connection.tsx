import { IconPlugConnectedX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFeed } from '@/features/events/feed/feed-context';
import { useStore } from '@/lib/store';
import classes from './connection.module.css';

/** A blip that ends by itself is not worth a banner. Milliseconds. */
const PATIENCE = 1_500;

/** Whether the server reaches this page, at a glance. */
export function ConnectionState() {
  const { t } = useTranslation();
  const state = useStore(useFeed().feed.state);
  return (
    <span className={classes.state} data-state={state} title={t(`connection.${state}`)} role="status">
      <span className={classes.text}>{t(`connection.${state}`)}</span>
    </span>
  );
}

/** Says, on every page, that what one sees may be old. */
export function ConnectionBanner() {
  const { t } = useTranslation();
  const isOpen = useStore(useFeed().feed.state) === 'open';
  const [isLong, setIsLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLong(!isOpen), isOpen ? 0 : PATIENCE);
    return () => clearTimeout(timer);
  }, [isOpen]);
  if (isOpen || !isLong) return null;
  return (
    <p className={classes.banner} role="alert">
      <IconPlugConnectedX size={18} stroke={1.7} aria-hidden="true" />
      {t('connection.banner')}
    </p>
  );
}
