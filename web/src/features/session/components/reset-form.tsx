import { Alert, Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/components/error-text';
import { showFieldErrors } from '@/components/form-errors';
import { useResetPassword } from '../api/account';

/** Asks for a new password. @param secret what stood behind the # of the mailed link. */
export function ResetForm({ secret, onDone }: { secret: string; onDone: () => void }) {
  const { t } = useTranslation();
  const reset = useResetPassword();
  const form = useForm({
    initialValues: { new_password: '' },
    validate: { new_password: (value) => (value === '' ? t('login.required') : null) },
  });
  const text = useErrorText(reset.error);
  const submit = form.onSubmit((values) =>
    reset.mutate(
      { secret, ...values },
      { onSuccess: onDone, onError: (error) => showFieldErrors(form, error) },
    ),
  );

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text>{t('account.resetText')}</Text>
        {reset.error && (
          <Alert color="red" role="alert">
            {text}
          </Alert>
        )}
        <PasswordInput
          label={t('account.newPassword')}
          description={t('account.passwordHint')}
          autoComplete="new-password"
          autoFocus
          size="md"
          {...form.getInputProps('new_password')}
        />
        <Button type="submit" size="md" loading={reset.isPending} fullWidth>
          {t('account.setPassword')}
        </Button>
      </Stack>
    </form>
  );
}
