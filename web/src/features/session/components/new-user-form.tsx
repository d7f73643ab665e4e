import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { Invited } from '@/api/types';
import { showFieldErrors } from '@/components/form-errors';
import { FormProblem } from '@/components/form-problem';
import { useAcceptAsNewUser, type NewUser } from '../api/invitation';

interface Props {
  secret: string;
  invited: Invited;
  onDone: () => void;
}

/** Who has no account yet chooses a name and a password. Whoever registered has the address as the name. */
export function NewUserForm({ secret, invited, onDone }: Props) {
  const { t } = useTranslation();
  const accept = useAcceptAsNewUser(secret, onDone);
  const required = (value: string) => (value === '' ? t('login.required') : null);
  const form = useForm<NewUser>({
    initialValues: { username: invited.email, password: '' },
    validate: { username: required, password: required },
  });
  const submit = form.onSubmit((user) =>
    accept.mutate(user, { onError: (error) => showFieldErrors(form, error) }),
  );
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <FormProblem
          error={accept.error}
          labels={{ username: t('login.username'), password: t('password.new') }}
        />
        <TextInput
          label={t('login.username')}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          size="md"
          maxLength={150}
          readOnly={!invited.site}
          {...form.getInputProps('username')}
        />
        <PasswordInput
          label={t('password.new')}
          description={t('password.rule')}
          autoComplete="new-password"
          size="md"
          {...form.getInputProps('password')}
        />
        <Button type="submit" size="md" loading={accept.isPending} fullWidth>
          {t('invitation.become')}
        </Button>
      </Stack>
    </form>
  );
}
