import { Button } from '@mantine/core';
import { IconDeviceMobileMessage } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { FormProblem } from '@/components/form-problem';
import { useStore } from '@/lib/store';
import { channelsQuery } from '../api/channels';
import { useTellThisDevice } from '../api/push';
import { ownChannel, PushRefused, pushState } from '../this-device';
import { ChannelList } from './channel-list';

/** Whether this very browser is told, also while no page of Vigil is open. */
export function ThisDevice() {
  const { t } = useTranslation();
  const { data: channels } = useQuery(channelsQuery);
  const own = useStore(ownChannel);
  const tell = useTellThisDevice(t('device.nameless'));
  const state = pushState();
  const channel = channels?.find(({ id }) => id === own);
  if (channels === undefined) return null;
  if (channel !== undefined) return <ChannelList label={t('device.title')} channels={[channel]} />;
  if (state !== 'ready') return <p>{t(`device.${state}`)}</p>;
  return (
    <>
      {tell.error instanceof PushRefused ? (
        <p role="alert">{t('device.failed')}</p>
      ) : (
        <FormProblem error={tell.error} />
      )}
      <Button
        variant="default"
        leftSection={<IconDeviceMobileMessage size={17} stroke={1.7} />}
        loading={tell.isPending}
        onClick={() => tell.mutate()}
      >
        {t('device.tell')}
      </Button>
    </>
  );
}
