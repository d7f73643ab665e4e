import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Entrance } from '@/components/entrance';
import { registrationQuery } from '@/features/session/api/register';
import { LoginForm } from '@/features/session/components/login-form';
import classes from './login-page.module.css';

/** @param next where to go after the log-in: a path of this application. */
export function LoginPage({ next }: { next: string }) {
  const { t } = useTranslation();
  const router = useRouter();
  const { data: isOpen = false } = useQuery(registrationQuery);
  return (
    <Entrance>
      <LoginForm onDone={() => router.history.replace(next)} />
      <Anchor
        size="sm"
        className={classes.link}
        renderRoot={(props) => <Link to="/reset-password" {...props} />}
      >
        {t('login.reset')}
      </Anchor>
      {isOpen && (
        <Anchor size="sm" className={classes.link} renderRoot={(props) => <Link to="/register" {...props} />}>
          {t('login.register')}
        </Anchor>
      )}
      <p className={classes.forgotten}>
        {t('login.forgotten')} <code>./vigil manage set_admin_password</code>
      </p>
    </Entrance>
  );
}
