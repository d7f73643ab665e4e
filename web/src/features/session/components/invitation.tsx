import { Button, Loader, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/errors';
import type { Invited, User } from '@/api/types';
import { Entrance } from '@/components/entrance';
import { FormProblem } from '@/components/form-problem';
import { useTimes } from '@/hooks/use-times';
import { invitationQuery, useAcceptAsMyself } from '../api/invitation';
import { LoginForm } from './login-form';
import { NewUserForm } from './new-user-form';

interface WaitingProps {
  /** Why there is no answer; null while one is waited for. */
  error: unknown;
  onRetry: () => void;
  onDone: () => void;
}

/** While the server is asked about a link, and where that failed: why. Another try is offered only where it may help. */
export function Waiting({ error, onRetry, onDone }: WaitingProps) {
  const { t } = useTranslation();
  const mayHelp = error instanceof ApiError && error.passing;
  return (
    <Entrance title={t('invitation.title')} hint="">
      {error ? (
        <Stack gap="md">
          <FormProblem error={error} />
          {mayHelp && (
            <Button fullWidth onClick={onRetry}>
              {t('error.retry')}
            </Button>
          )}
          <Button variant="default" fullWidth onClick={onDone}>
            {t('invitation.home')}
          </Button>
        </Stack>
      ) : (
        <Loader size="sm" mx="auto" display="block" role="status" aria-label={t('invitation.asking')} />
      )}
    </Entrance>
  );
}

interface Props {
  /** What stands behind the # of the link. */
  secret: string;
  /** Who is logged in; null for nobody. */
  user: User | null;
  onDone: () => void;
}

/** What a link invites to, and how to accept it: as the one who is logged in, or as a new user. */
export function Invitation({ secret, user, onDone }: Props) {
  const { t } = useTranslation();
  const times = useTimes();
  const { data: invited, error, refetch } = useQuery(invitationQuery(secret));
  if (invited === undefined) return <Waiting error={error} onRetry={() => void refetch()} onDone={onDone} />;
  const until = t('invitation.until', { until: times.full(invited.expires_at) });
  if (!invited.site) {
    return (
      <Entrance title={t('invitation.finish')} hint={until}>
        <NewUserForm secret={secret} invited={invited} onDone={onDone} />
      </Entrance>
    );
  }
  const to = { site: invited.site, role: t(`role.${invited.role}`) };
  return (
    <Entrance title={t('invitation.title')} hint={`${t('invitation.to', to)} ${until}`}>
      {user === null ? (
        <Strange secret={secret} invited={invited} onDone={onDone} />
      ) : (
        <Known secret={secret} user={user} onDone={onDone} />
      )}
    </Entrance>
  );
}

function Known({ secret, user, onDone }: Props & { user: User }) {
  const { t } = useTranslation();
  const accept = useAcceptAsMyself(secret);
  return (
    <Stack gap="md">
      <FormProblem error={accept.error} />
      <Button
        size="md"
        fullWidth
        loading={accept.isPending}
        onClick={() => accept.mutate(undefined, { onSuccess: onDone })}
      >
        {t('invitation.acceptAs', { username: user.username })}
      </Button>
      <Button variant="subtle" color="gray" fullWidth onClick={onDone}>
        {t('invitation.notNow')}
      </Button>
    </Stack>
  );
}

interface StrangeProps {
  secret: string;
  invited: Invited;
  onDone: () => void;
}

/** The log-in is here and not on its own page, so that the secret stays behind the #. */
function Strange({ secret, invited, onDone }: StrangeProps) {
  const { t } = useTranslation();
  const [hasAccount, setHasAccount] = useState(false);
  return (
    <Stack gap="md">
      {hasAccount ? (
        <LoginForm onDone={() => undefined} />
      ) : (
        <NewUserForm secret={secret} invited={invited} onDone={onDone} />
      )}
      <Button variant="subtle" color="gray" fullWidth onClick={() => setHasAccount(!hasAccount)}>
        {hasAccount ? t('invitation.noAccount') : t('invitation.hasAccount')}
      </Button>
    </Stack>
  );
}
