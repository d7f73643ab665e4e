import type { ReactNode } from 'react';
import { useKeptFocus } from '@/hooks/use-kept-focus';
import classes from './rows.module.css';

export function Rows({ label, children }: { label: string; children: ReactNode }) {
  const keptFocus = useKeptFocus<HTMLUListElement>();
  return (
    <ul className={classes.rows} aria-label={label} {...keptFocus}>
      {children}
    </ul>
  );
}

interface RowProps {
  title: string;
  /** A word about its state. */
  badge?: string;
  tone?: 'good' | 'bad';
  detail?: ReactNode;
  /** What can be done with it. */
  children?: ReactNode;
}

/** One thing of a short list, with what can be done with it at the right. */
export function Row({ title, badge, tone = 'good', detail, children }: RowProps) {
  return (
    <li className={classes.row}>
      <div className={classes.text}>
        <strong>
          {title}
          {badge !== undefined && (
            <span className={classes.badge} data-tone={tone}>
              {badge}
            </span>
          )}
        </strong>
        {detail !== undefined && <span className={classes.detail}>{detail}</span>}
      </div>
      {children !== undefined && <div className={classes.actions}>{children}</div>}
    </li>
  );
}
