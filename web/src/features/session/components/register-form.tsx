import { Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { showFieldErrors } from '@/components/form-errors';
import { FormProblem } from '@/components/form-problem';
import type { Language } from '@/i18n';
import type { useRegister } from '../api/register';

/** Asks for an address; the link that is mailed to it leads to where the password is chosen. */
export function RegisterForm({ register }: { register: ReturnType<typeof useRegister> }) {
  const { t, i18n } = useTranslation();
  const form = useForm({
    initialValues: { email: '' },
    validate: { email: (value) => (value.trim() === '' ? t('login.required') : null) },
  });
  const submit = form.onSubmit(({ email }) =>
    register.mutate(
      { email: email.trim(), language: i18n.language as Language },
      { onError: (error) => showFieldErrors(form, error) },
    ),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <FormProblem error={register.error} labels={{ email: t('register.email') }} />
        <TextInput
          type="email"
          label={t('register.email')}
          autoComplete="email"
          autoFocus
          size="md"
          maxLength={150}
          {...form.getInputProps('email')}
        />
        <Button type="submit" size="md" loading={register.isPending} fullWidth>
          {t('reset.ask')}
        </Button>
      </Stack>
    </form>
  );
}
