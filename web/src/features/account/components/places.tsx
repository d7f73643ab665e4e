import { Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Place } from '@/api/types';
import { ConfirmButton } from '@/components/confirm-button';
import { Failure } from '@/components/failure';
import { Row, Rows } from '@/components/rows';
import { useTimes } from '@/hooks/use-times';
import { browserName } from '@/lib/browser-name';
import { placesQuery, useEndPlace, useLogOutEverywhere } from '../api/places';

/** Where I am logged in, and how to end it. */
export function Places() {
  const { t } = useTranslation();
  const { data: places, error, refetch } = useQuery(placesQuery);
  const everywhere = useLogOutEverywhere();
  if (places === undefined) {
    return error ? <Failure error={error} onRetry={() => void refetch()} /> : <Loader size="sm" />;
  }
  return (
    <>
      <Rows label={t('places.title')}>
        {places.map((place) => (
          <PlaceRow key={place.id} place={place} />
        ))}
      </Rows>
      <ConfirmButton
        size="sm"
        question={t('places.everywhereQuestion')}
        onConfirm={() => everywhere.mutate()}
        loading={everywhere.isPending}
      >
        {t('places.everywhere')}
      </ConfirmButton>
    </>
  );
}

function PlaceRow({ place }: { place: Place }) {
  const { t } = useTranslation();
  const times = useTimes();
  const end = useEndPlace();
  const name = browserName(place.user_agent) ?? place.user_agent;
  const title = place.kind === 'script' ? t('places.script', { name }) : name || t('places.unknown');
  const seen = t('places.seen', { address: place.address, ago: times.ago(place.last_seen_at) });
  return (
    <Row
      title={title}
      badge={place.current ? t('places.current') : undefined}
      detail={<span title={place.user_agent}>{seen}</span>}
    >
      {!place.current && (
        <ConfirmButton
          question={t('places.endQuestion')}
          onConfirm={() => end.mutate(place.id)}
          loading={end.isPending}
          aria-label={`${t('places.end')}: ${title}`}
        >
          {t('places.end')}
        </ConfirmButton>
      )}
    </Row>
  );
}
