import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/errors';
import { useErrorText } from '@/components/error-text';
import { showFieldErrors } from '@/components/form-errors';
import { useLogIn, type Credentials } from '../api/log-in';

/** Asks for user name and password, and for a code where the server wants one; `onDone` is called once the session has
 * begun. */
export function LoginForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const logIn = useLogIn();
  const [asksCode, setAsksCode] = useState(false);
  const required = (value: string) => (value === '' ? t('login.required') : null);
  const form = useForm<Credentials>({
    initialValues: { username: '', password: '', code: '' },
    validate: {
      username: required,
      password: required,
      code: (value) => (asksCode ? required(value) : null),
    },
  });
  const text = useErrorText(logIn.error);

  const submit = form.onSubmit((credentials) =>
    logIn.mutate(credentials, {
      onSuccess: onDone,
      onError: (error) => {
        const needsCode = error instanceof ApiError && error.code === 'second_factor_needed';
        form.setFieldValue('code', '');
        if (!needsCode) showFieldErrors(form, error);
        else if (asksCode) form.setFieldError('code', t('login.codeWrong'));
        // The password was right: it is sent again with the code.
        if (!needsCode) form.setFieldValue('password', '');
        setAsksCode(needsCode);
      },
    }),
  );

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {logIn.error && (
          <Alert color={asksCode ? 'blue' : 'red'} role="alert">
            {asksCode ? t('login.codeNeeded') : text}
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
        {asksCode && (
          <TextInput
            label={t('login.code')}
            description={t('login.codeHint')}
            autoComplete="one-time-code"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            size="md"
            {...form.getInputProps('code')}
          />
        )}
        <Button type="submit" size="md" loading={logIn.isPending} fullWidth>
          {t('login.submit')}
        </Button>
      </Stack>
    </form>
  );
}
