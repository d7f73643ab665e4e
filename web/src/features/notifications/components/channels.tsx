import { Button, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChannelKind } from '@/api/types';
import { Failure } from '@/components/failure';
import classes from '@/components/form.module.css';
import { useStore } from '@/lib/store';
import { channelsQuery } from '../api/channels';
import { ADDED_BY_HAND } from '../channel-fields';
import { ownChannel } from '../this-device';
import { ChannelList } from './channel-list';
import { NewChannelForm } from './new-channel-form';

/** My own channels but the one to this device, and how to add one. */
export function Channels() {
  const { t } = useTranslation();
  const { data: channels, error, refetch } = useQuery(channelsQuery);
  const own = useStore(ownChannel);
  const [adding, setAdding] = useState<ChannelKind>();
  if (channels === undefined) {
    return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Loader size="sm" />;
  }
  const others = channels.filter(({ id }) => id !== own);
  return (
    <>
      {others.length > 0 && <ChannelList label={t('channels.title')} channels={others} />}
      {adding === undefined ? (
        <div className={classes.buttons}>
          {ADDED_BY_HAND.map((kind) => (
            <Button key={kind} variant="default" onClick={() => setAdding(kind)}>
              {t('channels.add', { kind: t(`kind.${kind}`) })}
            </Button>
          ))}
        </div>
      ) : (
        <NewChannelForm key={adding} kind={adding} onDone={() => setAdding(undefined)} />
      )}
    </>
  );
}
