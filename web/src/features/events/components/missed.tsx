import { Button, NumberInput, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera } from '@/api/types';
import { useTimes } from '@/hooks/use-times';
import { feedbackQuery, useReportMissed } from '../api/missed';
import classes from './missed.module.css';

/** A week: longer ago, nobody remembers the minute. */
const MOST_MINUTES = 7 * 24 * 60;

/** Where an operator says that this camera should have alarmed. Closed until it is asked for. */
export function Missed({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const [isOpen, { toggle }] = useDisclosure();
  return (
    <section className={classes.missed}>
      <Button variant="subtle" color="gray" size="compact-sm" aria-expanded={isOpen} onClick={toggle}>
        {t('missed.title')}
      </Button>
      {isOpen && <Report camera={camera} />}
    </section>
  );
}

function Report({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  const times = useTimes(camera.site);
  const [minutes, setMinutes] = useState<number | string>(0);
  const [note, setNote] = useState('');
  const report = useReportMissed(camera.id);
  const { data: feedback } = useQuery(feedbackQuery(camera.id));
  const send = () => {
    const moment = new Date(Date.now() - Number(minutes) * 60_000).toISOString();
    report.mutate({ moment, note }, { onSuccess: () => setNote('') });
  };

  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <p>{t('missed.hint')}</p>
      <NumberInput
        label={t('missed.ago')}
        description={t('missed.now')}
        value={minutes}
        onChange={setMinutes}
        min={0}
        max={MOST_MINUTES}
        clampBehavior="strict"
        allowDecimal={false}
        required
      />
      <TextInput
        label={t('missed.note')}
        maxLength={2_000}
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
      <Button type="submit" variant="default" size="sm" loading={report.isPending} disabled={minutes === ''}>
        {t('missed.submit')}
      </Button>
      {report.data?.moment && (
        <p role="status">{t('missed.kept', { time: times.full(report.data.moment) })}</p>
      )}
      {feedback !== undefined && feedback.missed > 0 && (
        <p>{t('missed.count', { count: feedback.missed })}</p>
      )}
    </form>
  );
}
