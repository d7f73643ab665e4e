import { SegmentedControl, Select } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '@/api/types';
import { EmptyState } from '@/components/empty-state';
import { Setting } from '@/components/setting';
import { Invite } from './invite';
import { MemberList } from './member-list';
import classes from './members-page.module.css';

/** So many sites fit beside each other. */
const MOST_BESIDE = 3;

/** Who works at a site, for its managers. */
export function MembersPage({ user }: { user: User }) {
  const { t } = useTranslation();
  const sites = user.sites.filter(({ role }) => role === 'manager');
  const [chosen, setChosen] = useState<string>();
  const site = sites.find(({ id }) => String(id) === chosen) ?? sites[0];
  if (site === undefined) {
    return <EmptyState icon={<IconUsers size={34} stroke={1.3} />} title={t('members.none')} />;
  }
  const data = sites.map(({ id, name }) => ({ value: String(id), label: name }));
  const choice = { 'aria-label': t('members.site'), value: String(site.id), data };
  return (
    <>
      {sites.length > 1 && (
        <div className={classes.sites}>
          {sites.length <= MOST_BESIDE ? (
            <SegmentedControl size="sm" onChange={setChosen} {...choice} />
          ) : (
            <Select
              searchable
              allowDeselect={false}
              onChange={(value) => setChosen(value ?? undefined)}
              {...choice}
            />
          )}
        </div>
      )}
      <Setting title={sites.length > 1 ? t('members.title') : site.name} hint={t('members.hint')}>
        <MemberList key={site.id} site={site.id} userId={user.id} />
      </Setting>
      <Setting title={t('members.invite')} hint={t('members.inviteHint')}>
        <Invite key={site.id} site={site.id} />
      </Setting>
    </>
  );
}
