import { Alert, Button, Kbd, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { hasStatus } from '@/api/errors';
import type { EventDetail } from '@/api/types';
import { useKeptFocus } from '@/hooks/use-kept-focus';
import { useKeys } from '@/hooks/use-keys';
import { useTimes } from '@/hooks/use-times';
import { allowedActions } from '../allowed-actions';
import { useChangeEvent, type Action } from '../api/change-event';
import { winnerOf } from '../conflict';
import classes from './event-actions.module.css';

const KEYS: Record<Action, string> = { acknowledge: 'a', resolve: 'r', dismiss: 'd', reopen: 'o' };

/** What an operator can do with an event, with a note; by button or by key. */
export function EventActions({ event }: { event: EventDetail }) {
  const { t } = useTranslation();
  const [note, setNote] = useState('');
  const change = useChangeEvent(event.id);
  // Not the next button: who holds Enter a moment too long would press that too.
  const keptFocus = useKeptFocus<HTMLDivElement>();
  const actions = allowedActions(event.status);
  const act = (action: Action) => {
    if (change.isPending || !actions.includes(action)) return;
    change.mutate({ action, note }, { onSuccess: () => setNote('') });
  };
  useKeys(Object.fromEntries(actions.map((action) => [KEYS[action], () => act(action)])));

  return (
    <section className={classes.actions}>
      {hasStatus(change.error, 409) && <ConflictNotice event={event} />}
      <Textarea
        aria-label={t('action.note')}
        placeholder={t('action.notePlaceholder')}
        autosize
        minRows={1}
        maxRows={6}
        maxLength={2_000}
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
      <div
        role="group"
        aria-label={t('action.group', { status: t(`status.${event.status}`) })}
        className={classes.buttons}
        {...keptFocus}
      >
        {actions.map((action, index) => (
          <Button
            key={action}
            variant={index === 0 ? 'filled' : 'default'}
            size="sm"
            loading={change.isPending && change.variables.action === action}
            disabled={change.isPending && change.variables.action !== action}
            onClick={() => act(action)}
            rightSection={<Kbd className={classes.key}>{KEYS[action]}</Kbd>}
            aria-keyshortcuts={KEYS[action]}
          >
            {t(`action.${action}`)}
          </Button>
        ))}
      </div>
      <Lesson event={event} />
    </section>
  );
}

/** Says what calling it a false alarm teaches the camera, and how to undo that. */
function Lesson({ event }: { event: EventDetail }) {
  const { t } = useTranslation();
  // Without a place, nothing is taught: the picture as a whole was the cause.
  if (event.box === null || event.status === 'resolved') return null;
  const lesson = event.status === 'dismissed' ? 'taught' : 'teaches';
  return <p className={classes.lesson}>{t(`action.${lesson}`, { camera: event.camera_name })}</p>;
}

/** Says which colleague was first. */
function ConflictNotice({ event }: { event: EventDetail }) {
  const { t } = useTranslation();
  const times = useTimes(event.site);
  const winner = winnerOf(event.transitions);
  return (
    <Alert color="yellow" data-kind="hint" role="alert" p="xs">
      {winner === undefined
        ? t('conflict.unknown')
        : t(`conflict.${winner.kind}`, { who: winner.by, ago: times.ago(winner.at) })}
    </Alert>
  );
}
