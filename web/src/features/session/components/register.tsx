import { Button, Loader, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Entrance } from '@/components/entrance';
import { Told } from '@/components/told';
import { registrationQuery, useRegister } from '../api/register';
import { RegisterForm } from './register-form';

/** For who wants to become a user: by a link that is mailed, where the server is open for that. */
export function Register({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation();
  const { data: isOpen, isPending } = useQuery(registrationQuery);
  const register = useRegister();
  if (isPending) {
    return (
      <Entrance title={t('register.title')} hint="">
        <Loader size="sm" mx="auto" display="block" role="status" aria-label={t('register.asking')} />
      </Entrance>
    );
  }
  // Where the server did not say, the form's own answer will.
  const isForm = isOpen !== false && !register.isSuccess;
  return (
    <Entrance title={t('register.title')} hint={isForm ? t('register.hint') : ''}>
      <Stack gap="md">
        {isOpen === false && <p>{t('problem.registration_closed')}</p>}
        {register.isSuccess && <Told>{t('register.asked')}</Told>}
        {isForm && <RegisterForm register={register} />}
        <Button variant={isForm ? 'subtle' : 'default'} color="gray" fullWidth onClick={onBack}>
          {t('reset.back')}
        </Button>
      </Stack>
    </Entrance>
  );
}
