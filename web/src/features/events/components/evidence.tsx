import { Anchor, Loader, SegmentedControl, Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { VigilEvent } from '@/api/types';
import classes from './evidence.module.css';

type Kind = 'picture' | 'clip';

/** What the camera saw: the picture of the peak, and the clip around the event once it is made. */
export function Evidence({ event }: { event: VigilEvent }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Kind>('picture');
  const [heated, setHeated] = useState(false);
  return (
    <section className={classes.evidence} aria-label={t('event.media')}>
      <div className={classes.screen}>
        {kind === 'picture' ? <Snapshot event={event} heated={heated} /> : <Clip event={event} />}
      </div>
      <div className={classes.foot}>
        <SegmentedControl
          size="xs"
          aria-label={t('event.media')}
          value={kind}
          onChange={(value) => setKind(value)}
          data={[
            { value: 'picture', label: t('event.picture') },
            { value: 'clip', label: t('event.clip') },
          ]}
        />
        {kind === 'picture' && event.heat !== null && (
          <Switch
            size="xs"
            className={classes.heat}
            label={t('event.heat')}
            checked={heated}
            onChange={(change) => setHeated(change.currentTarget.checked)}
          />
        )}
        {event.clip === null ? (
          <span className={classes.pending} role="status">
            <Loader size={12} color="gray" /> {t('event.clipPending')}
          </span>
        ) : (
          <Anchor size="sm" href={event.clip} download={`vigil-${event.id}.mp4`}>
            {t('event.download')}
          </Anchor>
        )}
      </div>
    </section>
  );
}

/** The picture of the peak; the worker has marked the unusual place in it, and coloured a second one. */
function Snapshot({ event, heated }: { event: VigilEvent; heated: boolean }) {
  const { t } = useTranslation();
  if (event.snapshot === null) return <p className={classes.note}>{t('event.noSnapshot')}</p>;
  return (
    <>
      <img src={event.snapshot} alt={t('event.snapshot', { camera: event.camera_name })} />
      {heated && event.heat !== null && <img src={event.heat} alt={t('event.heatLabel')} />}
    </>
  );
}

function Clip({ event }: { event: VigilEvent }) {
  const { t } = useTranslation();
  const [broken, setBroken] = useState(false);
  if (event.clip === null) return <p className={classes.note}>{t('event.clipPending')}</p>;
  if (broken) return <p className={classes.note}>{t('event.clipBroken')}</p>;
  return (
    <video
      key={event.clip}
      src={event.clip}
      poster={event.snapshot ?? undefined}
      controls
      muted
      playsInline
      autoPlay
      onError={() => setBroken(true)}
    />
  );
}
