import { Button, Select, Switch } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { Preference } from '@/api/types';
import { showFieldErrors } from '@/components/form-errors';
import { FormProblem } from '@/components/form-problem';
import classes from '@/components/form.module.css';
import { useChangePreferences } from '../api/preferences';
import { shownDays, shownTime, storedDays } from '../quiet-hours';
import { QuietHours, type QuietFields } from './quiet-hours';
import { useSeverityChoices } from './severity-choices';

interface Fields extends QuietFields {
  severity_floor: NonNullable<Preference['severity_floor']>;
  isQuiet: boolean;
  critical_breaks_quiet: boolean;
}

function fieldsOf(preferences: Preference): Fields {
  return {
    severity_floor: preferences.severity_floor ?? 'low',
    isQuiet: preferences.quiet_starts != null,
    quiet_starts: shownTime(preferences.quiet_starts ?? '22:00'),
    quiet_ends: shownTime(preferences.quiet_ends ?? '07:00'),
    quiet_weekdays: shownDays(preferences.quiet_weekdays),
    time_zone: preferences.time_zone ?? '',
    critical_breaks_quiet: preferences.critical_breaks_quiet ?? true,
  };
}

/** From which severity on I am told, and when it is quiet. */
export function PreferencesForm({ preferences }: { preferences: Preference }) {
  const { t } = useTranslation();
  const change = useChangePreferences();
  const severities = useSeverityChoices();
  const form = useForm<Fields>({
    initialValues: fieldsOf(preferences),
    validate: {
      quiet_starts: (time, { isQuiet }) => (isQuiet && time === '' ? t('login.required') : null),
      quiet_ends: (time, { isQuiet }) => (isQuiet && time === '' ? t('login.required') : null),
    },
  });
  const submit = form.onSubmit(({ isQuiet, quiet_weekdays, quiet_starts, quiet_ends, ...rest }) =>
    change.mutate(
      {
        ...rest,
        quiet_starts: isQuiet ? quiet_starts : null,
        quiet_ends: isQuiet ? quiet_ends : null,
        quiet_weekdays: storedDays(quiet_weekdays),
      },
      {
        onSuccess: () => form.resetDirty(),
        onError: (error) => showFieldErrors(form, error),
      },
    ),
  );
  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <FormProblem
        error={change.error}
        labels={{
          severity_floor: t('wishes.floor'),
          quiet_starts: t('wishes.starts'),
          quiet_ends: t('wishes.ends'),
          quiet_weekdays: t('wishes.days'),
          time_zone: t('wishes.zone'),
          critical_breaks_quiet: t('wishes.breaks'),
        }}
      />
      <Select
        label={t('wishes.floor')}
        allowDeselect={false}
        data={severities}
        {...form.getInputProps('severity_floor')}
      />
      <Switch label={t('wishes.quiet')} {...form.getInputProps('isQuiet', { type: 'checkbox' })} />
      {form.values.isQuiet && (
        <>
          <QuietHours form={form} />
          <Switch
            label={t('wishes.breaks')}
            {...form.getInputProps('critical_breaks_quiet', { type: 'checkbox' })}
          />
        </>
      )}
      <div className={classes.buttons}>
        <Button type="submit" variant="default" loading={change.isPending} disabled={!form.isDirty()}>
          {t('wishes.save')}
        </Button>
      </div>
      {change.isSuccess && !form.isDirty() && (
        <p className={classes.done} role="status">
          {t('wishes.saved')}
        </p>
      )}
    </form>
  );
}
