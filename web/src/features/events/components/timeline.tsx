import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { Transition } from '@/api/types';
import { useTimes } from '@/hooks/use-times';
import en from '@/i18n/en.json';
import classes from './timeline.module.css';

interface Props {
  transitions: readonly Transition[];
  siteId: number;
}

/** All changes of an event, oldest first; that its explaining pictures came is not worth a line. */
export function Timeline({ transitions, siteId }: Props) {
  const { t } = useTranslation();
  const times = useTimes(siteId);
  return (
    <ol className={classes.timeline}>
      {transitions
        .filter(({ kind }) => kind !== 'evidence')
        .map((transition) => (
          <li key={transition.id} data-human={transition.by !== null}>
            <time dateTime={transition.at} title={times.full(transition.at)}>
              {times.time(transition.at)}
            </time>
            <div>
              {describe(transition, t)}
              {transition.note !== '' && <blockquote>{transition.note}</blockquote>}
            </div>
          </li>
        ))}
    </ol>
  );
}

function describe({ kind, by, score }: Transition, t: TFunction): string {
  if (!(kind in en.transition)) return kind;
  return t(`transition.${kind as keyof typeof en.transition}`, {
    who: by ?? t('transition.somebody'),
    score: score?.toFixed(2) ?? '',
  });
}
