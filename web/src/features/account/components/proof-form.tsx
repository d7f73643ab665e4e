import { Button, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/errors';
import classes from '@/components/form.module.css';
import type { Proof } from '../api/second-factor';
import { CodeInput } from './code-input';

interface Props {
  /** What the button says. */
  submit: string;
  change: { isPending: boolean; error: Error | null };
  onProof: (proof: Proof) => void;
  onCancel: () => void;
}

/** Asks for password and code before something weakens the account. */
export function ProofForm({ submit, change, onProof, onCancel }: Props) {
  const { t } = useTranslation();
  const [proof, setProof] = useState<Proof>({ password: '', code: '' });
  const ofPassword = change.error instanceof ApiError ? change.error.fields.password?.join(' ') : undefined;
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        onProof(proof);
      }}
    >
      <div className={classes.pair}>
        <PasswordInput
          label={t('factor.password')}
          autoComplete="current-password"
          error={ofPassword}
          value={proof.password}
          onChange={({ currentTarget }) => setProof({ ...proof, password: currentTarget.value })}
        />
        <CodeInput
          label={t('factor.anyCode')}
          value={proof.code}
          onChange={(code) => setProof({ ...proof, code })}
          error={ofPassword === undefined ? change.error : null}
        />
      </div>
      <div className={classes.buttons}>
        <Button type="submit" loading={change.isPending} disabled={!proof.password || !proof.code.trim()}>
          {submit}
        </Button>
        <Button variant="subtle" color="gray" onClick={onCancel}>
          {t('form.cancel')}
        </Button>
      </div>
    </form>
  );
}
