import { Button, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiKey, NewApiKey, UserSite } from '@/api/types';
import { ConfirmButton } from '@/components/confirm-button';
import { Failure } from '@/components/failure';
import { Row, Rows } from '@/components/rows';
import { ShownOnce } from '@/components/shown-once';
import { useTimes } from '@/hooks/use-times';
import { keysQuery, useRevokeKey } from '../api/keys';
import { NewKeyForm } from './new-key-form';

/** My API keys: made, shown once, revoked. */
export function ApiKeys({ sites }: { sites: readonly UserSite[] }) {
  const { t } = useTranslation();
  const { data: keys, error, refetch } = useQuery(keysQuery);
  const [isAdding, setIsAdding] = useState(false);
  const [made, setMade] = useState<NewApiKey>();
  if (keys === undefined) {
    return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Loader size="sm" />;
  }
  return (
    <>
      {made !== undefined && (
        <ShownOnce
          hint={t('keys.once', { name: made.name })}
          text={made.secret}
          onDone={() => setMade(undefined)}
        />
      )}
      {keys.length > 0 && (
        <Rows label={t('keys.title')}>
          {keys.map((key) => (
            <KeyRow key={key.id} apiKey={key} site={sites.find(({ id }) => id === key.site)} />
          ))}
        </Rows>
      )}
      {isAdding ? (
        <NewKeyForm
          sites={sites}
          onMade={(key) => {
            setMade(key);
            setIsAdding(false);
          }}
          onCancel={() => setIsAdding(false)}
        />
      ) : (
        <Button variant="default" onClick={() => setIsAdding(true)}>
          {t('keys.add')}
        </Button>
      )}
    </>
  );
}

function KeyRow({ apiKey, site }: { apiKey: ApiKey; site: UserSite | undefined }) {
  const { t } = useTranslation();
  const times = useTimes();
  const revoke = useRevokeKey();
  const detail = [
    t(`role.${apiKey.role}`),
    apiKey.site == null ? t('keys.allSites') : (site?.name ?? t('keys.lostSite')),
    apiKey.last_used_at ? t('keys.used', { ago: times.ago(apiKey.last_used_at) }) : t('keys.unused'),
    apiKey.expires_at ? t('keys.until', { day: times.day(apiKey.expires_at) }) : t('keys.endless'),
  ];
  return (
    <Row title={apiKey.name} detail={detail.join(' · ')}>
      <ConfirmButton
        question={t('keys.revokeQuestion', { name: apiKey.name })}
        onConfirm={() => revoke.mutate(apiKey.id)}
        loading={revoke.isPending}
        aria-label={`${t('keys.revoke')}: ${apiKey.name}`}
      >
        {t('keys.revoke')}
      </ConfirmButton>
    </Row>
  );
}
