import { Alert, Button, Code, Image, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/components/error-text';
import { showFieldErrors } from '@/components/form-errors';
import { useBeginSecondFactor, useConfirmSecondFactor } from '../api/account';

/** Sets up a second factor in three steps: the password, a code of the app, the recovery codes to keep. */
export function SecondFactorSetUp({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const begin = useBeginSecondFactor();
  const confirm = useConfirmSecondFactor();
  const required = (value: string) => (value === '' ? t('login.required') : null);
  const passwordForm = useForm({ initialValues: { password: '' }, validate: { password: required } });
  const codeForm = useForm({ initialValues: { code: '' }, validate: { code: required } });
  const failed = confirm.error ?? begin.error;
  const text = useErrorText(failed);

  if (confirm.data) {
    return (
      <Stack gap="md">
        <Text>{t('account.recoveryText')}</Text>
        <Code block>{confirm.data.recovery_codes.join('\n')}</Code>
        <Button size="md" onClick={onDone} fullWidth>
          {t('account.kept')}
        </Button>
      </Stack>
    );
  }
  const alert = failed && (
    <Alert color="red" role="alert">
      {text}
    </Alert>
  );
  if (begin.data) {
    const submit = codeForm.onSubmit((values) =>
      confirm.mutate(values, { onError: (error) => showFieldErrors(codeForm, error) }),
    );
    return (
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Text>{t('account.scan')}</Text>
          <Image src={begin.data.qr} alt={t('account.qr')} w={220} mx="auto" />
          <Code>{begin.data.secret}</Code>
          {alert}
          <TextInput
            label={t('login.code')}
            autoComplete="one-time-code"
            inputMode="numeric"
            autoFocus
            size="md"
            {...codeForm.getInputProps('code')}
          />
          <Button type="submit" size="md" loading={confirm.isPending} fullWidth>
            {t('account.confirm')}
          </Button>
        </Stack>
      </form>
    );
  }
  const submit = passwordForm.onSubmit((values) =>
    begin.mutate(values, { onError: (error) => showFieldErrors(passwordForm, error) }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text>{t('account.secondFactorText')}</Text>
        {alert}
        <PasswordInput
          label={t('login.password')}
          autoComplete="current-password"
          autoFocus
          size="md"
          {...passwordForm.getInputProps('password')}
        />
        <Button type="submit" size="md" loading={begin.isPending} fullWidth>
          {t('account.begin')}
        </Button>
      </Stack>
    </form>
  );
}
