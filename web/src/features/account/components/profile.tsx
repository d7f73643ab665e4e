import { useTranslation } from 'react-i18next';
import type { User } from '@/api/types';
import { LanguageSwitch } from '@/components/language-switch';
import classes from './profile.module.css';

/** Who I am to Vigil, and what I may do where. */
export function Profile({ user }: { user: User }) {
  const { t } = useTranslation();
  return (
    <dl className={classes.facts}>
      <dt>{t('profile.username')}</dt>
      <dd>{user.username}</dd>
      <dt>{t('user.language')}</dt>
      <dd>
        <LanguageSwitch />
      </dd>
      <dt>{t('profile.sites')}</dt>
      <dd>
        <ul className={classes.sites}>
          {user.sites.map(({ id, name, role }) => (
            <li key={id}>
              {name} <span>· {t(`role.${role}`)}</span>
            </li>
          ))}
          {user.sites.length === 0 && <li>{t('profile.noSites')}</li>}
        </ul>
      </dd>
    </dl>
  );
}
