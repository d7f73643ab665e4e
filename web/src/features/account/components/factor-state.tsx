import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Row, Rows } from '@/components/rows';
import { useRenewCodes, useSwitchOff } from '../api/second-factor';
import { ProofForm } from './proof-form';

interface Props {
  /** How many recovery codes are left. */
  left: number;
  onCodes: (codes: readonly string[]) => void;
}

/** The second factor in use: what is left of it, and how to renew it or to end it. */
export function FactorState({ left, onCodes }: Props) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<'renew' | 'off'>();
  const renew = useRenewCodes();
  const off = useSwitchOff();
  const cancel = () => {
    setAsked(undefined);
    renew.reset();
    off.reset();
  };
  return (
    <>
      <Rows label={t('factor.title')}>
        <Row title={t('factor.app')} badge={t('factor.on')} detail={t('factor.left', { count: left })}>
          <Button
            variant="default"
            size="xs"
            aria-expanded={asked === 'renew'}
            onClick={() => setAsked('renew')}
          >
            {t('factor.renew')}
          </Button>
          <Button variant="default" size="xs" aria-expanded={asked === 'off'} onClick={() => setAsked('off')}>
            {t('factor.off')}
          </Button>
        </Row>
      </Rows>
      {asked === 'renew' && (
        <ProofForm
          submit={t('factor.renew')}
          change={renew}
          onProof={(proof) =>
            renew.mutate(proof, { onSuccess: ({ recovery_codes }) => onCodes(recovery_codes) })
          }
          onCancel={cancel}
        />
      )}
      {asked === 'off' && (
        <ProofForm
          submit={t('factor.off')}
          change={off}
          onProof={(proof) => off.mutate(proof)}
          onCancel={cancel}
        />
      )}
    </>
  );
}
