import { useTranslation } from 'react-i18next';
import type { User } from '@/api/types';
import { Setting } from '@/components/setting';
import { ApiKeys } from './api-keys';
import { ChangePassword } from './change-password';
import { Places } from './places';
import { Profile } from './profile';
import { SecondFactor } from './second-factor';

/** My account: who I am, how I log in and where I did. */
export function AccountPage({ user }: { user: User }) {
  const { t } = useTranslation();
  return (
    <>
      <Setting title={t('profile.title')} hint={t('profile.hint')}>
        <Profile user={user} />
      </Setting>
      <Setting title={t('password.title')} hint={t('password.hint')}>
        <ChangePassword username={user.username} />
      </Setting>
      <Setting title={t('factor.title')} hint={t('factor.hint')}>
        <SecondFactor />
      </Setting>
      <Setting title={t('places.title')} hint={t('places.hint')}>
        <Places />
      </Setting>
      <Setting title={t('keys.title')} hint={t('keys.hint')}>
        <ApiKeys sites={user.sites} />
      </Setting>
    </>
  );
}
