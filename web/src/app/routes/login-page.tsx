import { Anchor } from '@mantine/core';
import { Link, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Entrance } from '@/components/entrance';
import { LoginForm } from '@/features/session/components/login-form';
import classes from './login-page.module.css';

/** @param next where to go after the log-in: a path of this application. */
export function LoginPage({ next }: { next: string }) {
  const { t } = useTranslation();
  const router = useRouter();
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
      <p className={classes.forgotten}>
        {t('login.forgotten')} <code>./vigil manage set_admin_password</code>
      </p>
    </Entrance>
  );
}
