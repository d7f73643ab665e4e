import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Invitation, NewInvitation } from '@/api/types';
import { ConfirmButton } from '@/components/confirm-button';
import { Failure } from '@/components/failure';
import { Row, Rows } from '@/components/rows';
import { ShownOnce } from '@/components/shown-once';
import { useTimes } from '@/hooks/use-times';
import { invitationsQuery, useTakeBack } from '../api/invitations';
import { InviteForm } from './invite-form';

/** Invites to a site, and who has not answered yet. */
export function Invite({ site }: { site: number }) {
  const { t } = useTranslation();
  const { data: invitations = [], error, refetch } = useQuery(invitationsQuery(site));
  const [made, setMade] = useState<NewInvitation>();
  return (
    <>
      {made === undefined ? (
        <InviteForm site={site} onMade={setMade} />
      ) : (
        <Made invitation={made} onDone={() => setMade(undefined)} />
      )}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {invitations.length > 0 && (
        <Rows label={t('members.waiting')}>
          {invitations.map((invitation) => (
            <WaitingRow key={invitation.id} site={site} invitation={invitation} />
          ))}
        </Rows>
      )}
    </>
  );
}

function Made({ invitation, onDone }: { invitation: NewInvitation; onDone: () => void }) {
  const { t } = useTranslation();
  const { email, mailed, link } = invitation;
  const hint = !email ? 'link' : mailed ? 'mailed' : 'notMailed';
  return <ShownOnce hint={t(`members.${hint}`, { email })} text={link} onDone={onDone} />;
}

function WaitingRow({ site, invitation }: { site: number; invitation: Invitation }) {
  const { t } = useTranslation();
  const times = useTimes(site);
  const takeBack = useTakeBack(site);
  const detail = t('members.invitedBy', {
    role: t(`role.${invitation.role}`),
    who: invitation.invited_by,
    until: times.day(invitation.expires_at),
  });
  return (
    <Row title={invitation.email || t('members.anybody')} detail={detail}>
      <ConfirmButton
        question={t('members.takeBackQuestion')}
        onConfirm={() => takeBack.mutate(invitation.id)}
        loading={takeBack.isPending}
      >
        {t('members.takeBack')}
      </ConfirmButton>
    </Row>
  );
}
