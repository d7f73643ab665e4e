import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionQuery } from '@/api/session';
import { timesIn, type Times } from '@/lib/times';
import { useTimesIn } from './preferences';

/** Times as this person wants them: in their language, by the site's clock or the browser's. */
export function useTimes(siteId?: number): Times {
  const { i18n } = useTranslation();
  const { data: user } = useQuery(sessionQuery);
  const choice = useTimesIn();
  const site = user?.sites.find(({ id }) => id === siteId);
  const timeZone = choice === 'site' ? site?.time_zone : undefined;
  return useMemo(() => timesIn(i18n.language, timeZone), [i18n.language, timeZone]);
}
