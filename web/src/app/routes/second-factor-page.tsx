import { Button, Stack } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Entrance } from '@/components/entrance';
import { SecondFactor } from '@/features/account/components/second-factor';
import { useLogOut } from '@/features/session/api/log-out';

/** Where staff are sent who must have a second factor and have none: nothing else opens before. */
export function SecondFactorPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const logOut = useLogOut();
  const leave = () =>
    logOut.mutate(undefined, { onSuccess: () => void navigate({ to: '/login', replace: true }) });
  return (
    <Entrance title={t('factor.title')} hint={t('factor.needed')}>
      <Stack gap="md">
        <SecondFactor onDone={() => void navigate({ to: '/live', replace: true })} />
        <Button variant="subtle" color="gray" loading={logOut.isPending} onClick={leave}>
          {t('user.logOut')}
        </Button>
      </Stack>
    </Entrance>
  );
}
