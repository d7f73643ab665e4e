import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './entrance.module.css';
import { LanguageSwitch } from './language-switch';
import { Logo } from './logo';

interface Props {
  title?: string;
  /** What the page is for, in a sentence. */
  hint?: string;
  children: ReactNode;
}

/** The card in the middle of a page that is before, or beside, everything behind the log-in. */
export function Entrance({ title, hint, children }: Props) {
  const { t } = useTranslation();
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <header className={classes.brand}>
          <Logo size={52} />
          <h1>{title ?? t('app.name')}</h1>
          <p>{hint ?? t('app.tagline')}</p>
        </header>
        {children}
      </div>
      <LanguageSwitch />
    </main>
  );
}
