import { Alert, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { sessionQuery } from '@/api/session';
import { useErrorText } from '@/components/error-text';
import { showFieldErrors } from '@/components/form-errors';
import { invitationQuery, useAcceptInvitation } from '../api/account';

/** Accepts an invitation, as whoever is logged in or as a new user. @param secret what stood behind the # of the link. */
export function InvitationForm({ secret, onDone }: { secret: string; onDone: () => void }) {
  const { t, i18n } = useTranslation();
  const invitation = useQuery(invitationQuery(secret));
  const session = useQuery(sessionQuery);
  const accept = useAcceptInvitation();
  const text = useErrorText(invitation.error ?? accept.error);
  const newcomer = session.data === null;
  const form = useForm({
    initialValues: { username: '', password: '' },
    validate: { password: (value) => (newcomer && value === '' ? t('login.required') : null) },
  });
  const language = i18n.language === 'ko' ? 'ko' : 'en';
  const submit = form.onSubmit((values) =>
    accept.mutate(
      { secret, language, ...values },
      { onSuccess: onDone, onError: (error) => showFieldErrors(form, error) },
    ),
  );
  const failed = invitation.error ?? accept.error;

  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {failed && (
          <Alert color="red" role="alert">
            {text}
          </Alert>
        )}
        {invitation.data && (
          <>
            <Text>
              {invitation.data.site === null
                ? t('account.registerText', { email: invitation.data.email })
                : t('account.invitedTo', { site: invitation.data.site })}
            </Text>
            {newcomer && invitation.data.site !== null && (
              <TextInput
                label={t('login.username')}
                description={invitation.data.email && t('account.nameHint', { email: invitation.data.email })}
                autoComplete="username"
                autoCapitalize="none"
                spellCheck={false}
                size="md"
                {...form.getInputProps('username')}
              />
            )}
            {newcomer && (
              <PasswordInput
                label={t('account.newPassword')}
                description={t('account.passwordHint')}
                autoComplete="new-password"
                size="md"
                {...form.getInputProps('password')}
              />
            )}
            <Button type="submit" size="md" loading={accept.isPending} fullWidth>
              {newcomer ? t('account.create') : t('account.join', { name: session.data?.username ?? '' })}
            </Button>
          </>
        )}
      </Stack>
    </form>
  );
}
