import { Button, Select, Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Channel, Delivery } from '@/api/types';
import { ConfirmButton } from '@/components/confirm-button';
import { Row } from '@/components/rows';
import { useChangeChannel, useRemoveChannel, useTestChannel } from '../api/channels';
import { shownTarget } from '../channel-fields';
import { ownChannel, rememberChannel, unsubscribe } from '../this-device';
import classes from './channel-row.module.css';
import { useSeverityChoices } from './severity-choices';

/** One channel: from which severity on, whether it works, and its end. */
export function ChannelRow({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const severities = useSeverityChoices();
  const change = useChangeChannel(channel.id);
  const test = useTestChannel(channel.id);
  const { id, name, kind, enabled } = channel;
  const remove = useRemoveChannel(() => {
    if (ownChannel.get() !== id) return;
    rememberChannel(null);
    void unsubscribe();
  });
  const what = [t(`kind.${kind}`), shownTarget(channel.target)].filter((text) => text !== '').join(' · ');
  return (
    <Row
      title={name}
      badge={enabled ? undefined : t('channels.off')}
      tone="bad"
      detail={
        <>
          {what}
          <ServersWords text={channel.disabled_reason} />
          {test.data && <Outcome delivery={test.data} />}
        </>
      }
    >
      <Select
        className={classes.floor}
        size="xs"
        aria-label={t('channels.floorOf', { name })}
        allowDeselect={false}
        disabled={change.isPending}
        value={channel.severity_floor ?? 'low'}
        data={severities}
        onChange={(severity_floor) => severity_floor !== null && change.mutate({ severity_floor })}
      />
      <Switch
        aria-label={t('channels.enabledOf', { name })}
        checked={enabled}
        disabled={change.isPending}
        onChange={({ currentTarget }) => change.mutate({ enabled: currentTarget.checked })}
      />
      <Button
        variant="default"
        size="xs"
        loading={test.isPending}
        onClick={() => test.mutate()}
        aria-label={`${t('channels.test')}: ${name}`}
      >
        {t('channels.test')}
      </Button>
      <ConfirmButton
        question={t('channels.removeQuestion', { name })}
        onConfirm={() => remove.mutate(id)}
        loading={remove.isPending}
        aria-label={`${t('channels.remove')}: ${name}`}
      >
        {t('channels.remove')}
      </ConfirmButton>
    </Row>
  );
}

/** What the server or the other side said: in English, so never within a sentence of ours. */
function ServersWords({ text }: { text: string }) {
  if (text === '') return null;
  return (
    <span className={classes.words} lang="en">
      {text}
    </span>
  );
}

/** What became of a test message. */
function Outcome({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const isSent = delivery.state === 'sent';
  return (
    <span className={classes.outcome} data-state={isSent ? 'sent' : 'failed'} role="status">
      {isSent ? t('channels.sent') : t('channels.failed')}
      {!isSent && <ServersWords text={delivery.error} />}
    </span>
  );
}
