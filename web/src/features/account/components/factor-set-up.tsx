import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/errors';
import type { SetUp } from '@/api/types';
import { FormProblem } from '@/components/form-problem';
import form from '@/components/form.module.css';
import { useBeginSetUp, useConfirmSetUp } from '../api/second-factor';
import { CodeInput } from './code-input';
import classes from './factor-set-up.module.css';

interface Props {
  /** Called with the recovery codes. */
  onCodes: (codes: readonly string[]) => void;
}

/** From the password to an app that shows the right codes. */
export function FactorSetUp({ onCodes }: Props) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const begin = useBeginSetUp();
  if (begin.data !== undefined) {
    return <Scan setUp={begin.data} onCodes={onCodes} onCancel={() => begin.reset()} />;
  }
  const ofPassword = begin.error instanceof ApiError ? begin.error.fields.password?.join(' ') : undefined;
  return (
    <form
      className={form.form}
      onSubmit={(event) => {
        event.preventDefault();
        begin.mutate(password, { onSettled: () => setPassword('') });
      }}
    >
      {ofPassword === undefined && <FormProblem error={begin.error} />}
      <PasswordInput
        label={t('factor.password')}
        autoComplete="current-password"
        error={ofPassword}
        value={password}
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
      />
      <div className={form.buttons}>
        <Button type="submit" loading={begin.isPending} disabled={password === ''}>
          {t('factor.begin')}
        </Button>
      </div>
    </form>
  );
}

function Scan({ setUp, onCodes, onCancel }: Props & { setUp: SetUp; onCancel: () => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const confirm = useConfirmSetUp(onCodes);
  return (
    <form
      className={classes.scan}
      onSubmit={(event) => {
        event.preventDefault();
        confirm.mutate(code, { onError: () => setCode('') });
      }}
    >
      <img className={classes.qr} src={setUp.qr} alt={t('factor.qr')} />
      <div className={form.form}>
        <p>{t('factor.scan')}</p>
        <p>
          {t('factor.type')}{' '}
          <code className={classes.secret}>{setUp.secret.match(/.{1,4}/g)?.join(' ')}</code>
        </p>
        <CodeInput label={t('factor.code')} value={code} onChange={setCode} error={confirm.error} />
        <div className={form.buttons}>
          <Button type="submit" loading={confirm.isPending} disabled={code.trim() === ''}>
            {t('factor.confirm')}
          </Button>
          <Button variant="subtle" color="gray" onClick={onCancel}>
            {t('form.cancel')}
          </Button>
        </div>
      </div>
    </form>
  );
}
