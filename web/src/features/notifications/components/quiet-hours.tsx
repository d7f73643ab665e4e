import { Chip, Group, Input, Select, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import classes from '@/components/form.module.css';
import { weekdayNames } from '../quiet-hours';

export interface QuietFields {
  quiet_starts: string;
  quiet_ends: string;
  quiet_weekdays: string[];
  time_zone: string;
}

const OF_SITE = 'site';

/** From when to when, on which days, by whose clock. */
export function QuietHours<T extends QuietFields>({ form: given }: { form: UseFormReturnType<T> }) {
  const { t, i18n } = useTranslation();
  // Of the form of which these are some of the fields.
  const form = given as unknown as UseFormReturnType<QuietFields>;
  const zones = useMemo(() => Intl.supportedValuesOf('timeZone'), []);
  const days = form.values.quiet_weekdays;
  return (
    <>
      <div className={classes.pair}>
        <TextInput type="time" label={t('wishes.starts')} {...form.getInputProps('quiet_starts')} />
        <TextInput type="time" label={t('wishes.ends')} {...form.getInputProps('quiet_ends')} />
      </div>
      <Input.Wrapper label={t('wishes.days')} labelElement="div" description={t('wishes.daysHint')}>
        <Chip.Group
          multiple
          value={days}
          // At least one: none at all would mean every day.
          onChange={(chosen) => chosen.length > 0 && form.setFieldValue('quiet_weekdays', chosen)}
        >
          <Group gap={6} mt={8}>
            {weekdayNames(i18n.language).map((name, day) => (
              <Chip key={name} value={String(day)} size="xs" radius={6} variant="light">
                {name}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Input.Wrapper>
      <Select
        label={t('wishes.zone')}
        searchable
        allowDeselect={false}
        limit={60}
        data={[{ value: OF_SITE, label: t('wishes.zoneOfSite') }, ...zones]}
        value={form.values.time_zone || OF_SITE}
        error={form.errors.time_zone}
        onChange={(zone) => form.setFieldValue('time_zone', zone === OF_SITE ? '' : (zone ?? ''))}
      />
    </>
  );
}
