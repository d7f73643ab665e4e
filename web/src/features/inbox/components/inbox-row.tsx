import { useRouter } from '@tanstack/react-router';
import type { MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { InboxItem } from '@/api/types';
import { SeverityMark } from '@/components/severity-mark';
import { useTimes } from '@/hooks/use-times';
import classes from './inbox-row.module.css';

interface Props {
  item: InboxItem;
  /** Called when somebody follows it to what it tells of. */
  onOpen: () => void;
}

/** One thing I was told, which leads to what it tells of. */
export function InboxRow({ item, onOpen }: Props) {
  const { t } = useTranslation();
  const router = useRouter();
  const times = useTimes(item.site ?? undefined);
  const open = (event: MouseEvent) => {
    if (item.read_at === null) onOpen();
    // Into another tab: the browser's matter.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    router.history.push(item.link || '/live');
  };
  return (
    <li>
      <a
        href={item.link || '/live'}
        className={classes.row}
        data-unread={item.read_at === null}
        onClick={open}
      >
        <span className={classes.line}>
          <strong>{item.title}</strong>
          {item.read_at === null && <span className={classes.new}>{t('inbox.new')}</span>}
        </span>
        {item.body !== '' && <span className={classes.body}>{item.body}</span>}
        <span className={classes.foot}>
          <SeverityMark severity={item.severity} />
          <time dateTime={item.at} title={times.full(item.at)}>
            {times.day(item.at)}, {times.time(item.at)}
          </time>
        </span>
      </a>
    </li>
  );
}
