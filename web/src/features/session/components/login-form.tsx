import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { useErrorText } from '@/components/error-text';
import { showFieldErrors } from '@/components/form-errors';
import { useLogIn, type Credentials } from '../api/log-in';

/** Asks for user name and password; `onDone` is called once the session has begun. */
export function LoginForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const logIn = useLogIn();
  const required = (value: string) => (value === '' ? t('login.required') : null);
  const form = useForm<Credentials>({
    initialValues: { username: '', password: '' },
    validate: { username: required, password: required },
  });
  const text = useErrorText(logIn.error);

  const submit = form.onSubmit((credentials) =>
    logIn.mutate(credentials, {
      onSuccess: onDone,
      onError: (error) => {
        showFieldErrors(form, error);
        form.setFieldValue('password', '');
      },
    }),
  );

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {logIn.error && (
          <Alert color="red" role="alert">
            {text}
          </Alert>
        )}
        <TextInput
          label={t('login.username')}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          size="md"
          {...form.getInputProps('username')}
        />
        <PasswordInput
          label={t('login.password')}
          autoComplete="current-password"
          size="md"
          {...form.getInputProps('password')}
        />
        <Button type="submit" size="md" loading={logIn.isPending} fullWidth>
          {t('login.submit')}
        </Button>
      </Stack>
    </form>
  );
}
