import { Button } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './shown-once.module.css';

interface Props {
  /** What it is, and why to keep it. */
  hint: string;
  text: string | readonly string[];
  onDone: () => void;
}

/** Something secret that the server never shows again, to copy. */
export function ShownOnce({ hint, text, onDone }: Props) {
  const { t } = useTranslation();
  const shown = useRef<HTMLElement>(null);
  // The form that made it has gone, and the focus with it.
  useEffect(() => shown.current?.focus(), []);
  const lines = typeof text === 'string' ? text : text.join('\n');
  return (
    <section ref={shown} tabIndex={-1} className={classes.shown} role="status">
      <p>{hint}</p>
      <pre className={classes.text} data-columns={typeof text !== 'string'}>
        {lines}
      </pre>
      <div className={classes.buttons}>
        <CopyButton text={lines} />
        <Button variant="default" size="xs" onClick={onDone}>
          {t('once.done')}
        </Button>
      </div>
    </section>
  );
}

/** Absent where the browser keeps the clipboard from us: over plain HTTP. The text can still be marked. */
function CopyButton({ text }: { text: string }) {
  const { t } = useTranslation();
  const clipboard = useClipboard({ timeout: 2_000 });
  if (!('clipboard' in navigator)) return null;
  const Icon = clipboard.copied ? IconCheck : IconCopy;
  return (
    <Button size="xs" leftSection={<Icon size={15} stroke={1.7} />} onClick={() => clipboard.copy(text)}>
      {clipboard.copied ? t('once.copied') : t('once.copy')}
    </Button>
  );
}
