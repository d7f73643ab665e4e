import { Anchor, Button, Loader } from '@mantine/core';
import { IconInbox } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/empty-state';
import { Failure } from '@/components/failure';
import { inboxQuery, unreadQuery, useMarkRead } from '../api/inbox';
import classes from './inbox-page.module.css';
import { InboxRow } from './inbox-row';

/** What I was told within Vigil. */
export function InboxPage() {
  const { t } = useTranslation();
  const list = useInfiniteQuery(inboxQuery);
  const { data: unread = 0 } = useQuery(unreadQuery);
  const markRead = useMarkRead();
  const heading = useRef<HTMLHeadingElement>(null);
  if (list.isPending) return <Loader size="sm" m="xl" />;
  if (list.data === undefined) return <Failure error={list.error} onRetry={() => void list.refetch()} />;
  const items = list.data.pages.flatMap(({ results }) => results);
  return (
    <div className={classes.page}>
      <header className={classes.bar}>
        <h1 ref={heading} tabIndex={-1}>
          {t('inbox.title')}
        </h1>
        <Anchor size="sm" renderRoot={(props) => <Link to="/account/notifications" {...props} />}>
          {t('inbox.settings')}
        </Anchor>
        <Button
          variant="default"
          size="xs"
          disabled={unread === 0}
          loading={markRead.isPending && markRead.variables === undefined}
          // There is nothing left for the button to do: it is disabled, and would drop the focus.
          onClick={() => markRead.mutate(undefined, { onSuccess: () => heading.current?.focus() })}
        >
          {t('inbox.readAll')}
        </Button>
      </header>
      {items.length === 0 ? (
        <EmptyState icon={<IconInbox size={34} stroke={1.3} />} title={t('inbox.empty')}>
          <p>{t('inbox.emptyHint')}</p>
        </EmptyState>
      ) : (
        <ol className={classes.list} aria-label={t('inbox.list')}>
          {items.map((item) => (
            <InboxRow key={item.id} item={item} onOpen={() => markRead.mutate([item.id])} />
          ))}
        </ol>
      )}
      {list.hasNextPage && (
        <Button
          variant="subtle"
          size="xs"
          mt="sm"
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t('inbox.more')}
        </Button>
      )}
    </div>
  );
}
