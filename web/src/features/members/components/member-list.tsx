import { Loader, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { ROLES } from '@/api/session';
import type { Member } from '@/api/types';
import { ConfirmButton } from '@/components/confirm-button';
import { Failure } from '@/components/failure';
import { Row, Rows } from '@/components/rows';
import { membersQuery, useChangeMember } from '../api/members';
import classes from './members-page.module.css';

interface Props {
  site: number;
  /** Who looks. */
  userId: number;
}

export function MemberList({ site, userId }: Props) {
  const { t } = useTranslation();
  const { data: members, error, refetch } = useQuery(membersQuery(site));
  if (members === undefined) {
    return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Loader size="sm" />;
  }
  if (members.length === 0) return <p className={classes.empty}>{t('members.empty')}</p>;
  return (
    <Rows label={t('members.title')}>
      {members.map((member) => (
        <MemberRow key={member.user} site={site} member={member} isMe={member.user === userId} />
      ))}
    </Rows>
  );
}

/** One's own role is somebody else's to change. */
function MemberRow({ site, member, isMe }: { site: number; member: Member; isMe: boolean }) {
  const { t } = useTranslation();
  const change = useChangeMember(site);
  const { user, username, role } = member;
  return (
    <Row
      title={username}
      badge={isMe ? t('members.you') : undefined}
      detail={isMe ? t(`role.${role}`) : undefined}
    >
      {!isMe && (
        <>
          <Select
            className={classes.role}
            size="xs"
            aria-label={t('members.roleOf', { username })}
            allowDeselect={false}
            disabled={change.isPending}
            value={role}
            data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
            onChange={(value) => value !== null && change.mutate({ user, role: value })}
          />
          <ConfirmButton
            question={t('members.removeQuestion', { username })}
            onConfirm={() => change.mutate({ user, role: null })}
            aria-label={`${t('members.remove')}: ${username}`}
          >
            {t('members.remove')}
          </ConfirmButton>
        </>
      )}
    </Row>
  );
}
