import { useId, type ReactNode } from 'react';
import classes from './setting.module.css';

interface Props {
  title: string;
  hint?: string;
  children: ReactNode;
}

/** One matter that can be set: what it is at the left, where to set it at the right. */
export function Setting({ title, hint, children }: Props) {
  const id = useId();
  return (
    <section className={classes.setting} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {hint !== undefined && <p className={classes.hint}>{hint}</p>}
      </header>
      <div className={classes.content}>{children}</div>
    </section>
  );
}
