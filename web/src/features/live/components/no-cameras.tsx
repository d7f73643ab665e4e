import { Button } from '@mantine/core';
import { IconDeviceCctv } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/empty-state';

/** What a new installation shows instead of a wall: how to get one. */
export function NoCameras({ isStaff }: { isStaff: boolean }) {
  const { t } = useTranslation();
  return (
    <EmptyState icon={<IconDeviceCctv size={34} stroke={1.3} />} title={t('live.empty.title')}>
      {isStaff ? (
        <>
          <p>{t('live.empty.command')}</p>
          <pre>./vigil up --camera gate=rtsp://user:password@192.168.1.20/stream1</pre>
          <p>{t('live.empty.staff')}</p>
          <Button variant="light" renderRoot={(props) => <a {...props} href="/admin/cameras/camera/add/" />}>
            {t('live.empty.add')}
          </Button>
        </>
      ) : (
        <p>{t('live.empty.ask')}</p>
      )}
    </EmptyState>
  );
}
