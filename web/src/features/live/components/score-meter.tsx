import { useImperativeHandle, useRef, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { FrameHeader } from '../frame';
import { filled, THRESHOLD_AT } from '../meter';
import classes from './score-meter.module.css';

export interface MeterHandle {
  show: (header: FrameHeader) => void;
}

/** How unusual the picture is beside the camera's threshold. It follows each picture without React. */
export function ScoreMeter({ ref }: { ref: Ref<MeterHandle> }) {
  const { t } = useTranslation();
  const meter = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => ({
    show({ score, threshold }) {
      if (meter.current === null) return;
      const share = filled(score, threshold);
      const known = score !== null && threshold !== null && threshold > 0;
      meter.current.style.setProperty('--filled', String(share));
      meter.current.dataset.over = String(share >= THRESHOLD_AT);
      meter.current.dataset.known = String(known);
      meter.current.title = known
        ? t('live.score', { score: score.toFixed(2), threshold: threshold.toFixed(2) })
        : t('live.scoreLearning');
    },
  }));
  return (
    <div
      ref={meter}
      className={classes.meter}
      style={{ '--mark': THRESHOLD_AT }}
      data-known="false"
      aria-hidden="true"
    >
      <div className={classes.bar} />
    </div>
  );
}
