import { Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Failure } from '@/components/failure';
import { Setting } from '@/components/setting';
import { preferencesQuery } from '../api/preferences';
import { Channels } from './channels';
import { PreferencesForm } from './preferences-form';
import { ThisDevice } from './this-device';

/** What I want to be told, when, and where. */
export function NotificationsPage() {
  const { t } = useTranslation();
  const { data: preferences, error, refetch } = useQuery(preferencesQuery);
  return (
    <>
      <Setting title={t('wishes.title')} hint={t('wishes.hint')}>
        {preferences !== undefined ? (
          <PreferencesForm preferences={preferences} />
        ) : error ? (
          <Failure error={error} onRetry={() => void refetch()} />
        ) : (
          <Loader size="sm" />
        )}
      </Setting>
      <Setting title={t('device.title')} hint={t('device.hint')}>
        <ThisDevice />
      </Setting>
      <Setting title={t('channels.title')} hint={t('channels.hint')}>
        <Channels />
      </Setting>
    </>
  );
}
