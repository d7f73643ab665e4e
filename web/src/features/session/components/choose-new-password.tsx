import { Button, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/errors';
import { Entrance } from '@/components/entrance';
import { showFieldErrors } from '@/components/form-errors';
import { FormProblem } from '@/components/form-problem';
import { Told } from '@/components/told';
import { useResetPassword } from '../api/reset-password';

interface Props {
  secret: string;
  onDone: () => void;
  /** The link is wrong, used or too old. */
  onRefused: () => void;
}

/** Sets the new password with the secret of a link. */
export function ChooseNewPassword({ secret, onDone, onRefused }: Props) {
  const { t } = useTranslation();
  const reset = useResetPassword();
  const form = useForm({
    initialValues: { new_password: '' },
    validate: { new_password: (value) => (value === '' ? t('login.required') : null) },
  });
  const submit = form.onSubmit(({ new_password }) =>
    reset.mutate(
      { secret, new_password },
      {
        onError: (error) => {
          if (error instanceof ApiError && error.code === 'link_refused') onRefused();
          else showFieldErrors(form, error);
        },
      },
    ),
  );
  if (reset.isSuccess) {
    return (
      <Entrance title={t('reset.title')} hint="">
        <Stack gap="md">
          <Told>{t('reset.done')}</Told>
          <Button size="md" fullWidth onClick={onDone}>
            {t('reset.logIn')}
          </Button>
        </Stack>
      </Entrance>
    );
  }
  return (
    <Entrance title={t('reset.title')} hint={t('reset.choose')}>
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <FormProblem error={reset.error} labels={{ new_password: t('password.new') }} />
          <PasswordInput
            label={t('password.new')}
            description={t('password.rule')}
            autoComplete="new-password"
            autoFocus
            size="md"
            {...form.getInputProps('new_password')}
          />
          <Button type="submit" size="md" loading={reset.isPending} fullWidth>
            {t('reset.submit')}
          </Button>
        </Stack>
      </form>
    </Entrance>
  );
}
