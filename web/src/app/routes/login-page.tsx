import { useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { LanguageSwitch } from '@/components/language-switch';
import { Logo } from '@/components/logo';
import { LoginForm } from '@/features/session/components/login-form';
import classes from './login-page.module.css';

/** @param next where to go after the log-in: a path of this application. */
export function LoginPage({ next }: { next: string }) {
  const { t } = useTranslation();
  const router = useRouter();
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <header className={classes.brand}>
          <Logo size={52} />
          <h1>{t('app.name')}</h1>
          <p>{t('app.tagline')}</p>
        </header>
        <LoginForm onDone={() => router.history.replace(next)} />
        <p className={classes.forgotten}>
          {t('login.forgotten')} <code>./vigil manage set_admin_password</code>
        </p>
      </div>
      <LanguageSwitch />
    </main>
  );
}
