import { Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '@/components/failure';
import { ShownOnce } from '@/components/shown-once';
import { secondFactorQuery } from '../api/second-factor';
import { FactorSetUp } from './factor-set-up';
import { FactorState } from './factor-state';

interface Props {
  /** Called when a set-up has ended and the recovery codes were kept. */
  onDone?: () => void;
}

/** The second factor: set up, looked after, switched off. */
export function SecondFactor({ onDone }: Props) {
  const { t } = useTranslation();
  const { data: state, error, refetch } = useQuery(secondFactorQuery);
  const [codes, setCodes] = useState<readonly string[]>();
  const done = () => {
    setCodes(undefined);
    onDone?.();
  };
  if (codes !== undefined) return <ShownOnce hint={t('factor.codes')} text={codes} onDone={done} />;
  if (state === undefined) {
    return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Loader size="sm" />;
  }
  return state.enabled ? (
    <FactorState left={state.recovery_codes} onCodes={setCodes} />
  ) : (
    <FactorSetUp onCodes={setCodes} />
  );
}
