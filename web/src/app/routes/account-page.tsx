import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LanguageSwitch } from '@/components/language-switch';
import { Logo } from '@/components/logo';
import classes from './login-page.module.css';

/** A page about one's account that stands alone, outside of the application. */
export function AccountPage({ title, children }: { title: string; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <header className={classes.brand}>
          <Logo size={52} />
          <h1>{title}</h1>
          <p>{t('app.name')}</p>
        </header>
        {children}
      </div>
      <LanguageSwitch />
    </main>
  );
}
