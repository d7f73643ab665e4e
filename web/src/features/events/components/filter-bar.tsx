import { Button, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { SEVERITIES, STATUSES, type Filters } from '../filters';
import classes from './filter-bar.module.css';

interface Props {
  filters: Filters;
  onChange: (filters: Filters) => void;
  cameras: readonly { id: string; name: string }[];
}

/** Narrows the list down. */
export function FilterBar({ filters, onChange, cameras }: Props) {
  const { t } = useTranslation();
  const select = (name: keyof Filters, data: { value: string; label: string }[]) => (
    <Select
      size="xs"
      clearable
      searchable={name === 'camera'}
      aria-label={t(`events.${name}`)}
      placeholder={t(`events.any.${name}`)}
      value={filters[name] ?? null}
      onChange={(value) => onChange({ ...filters, [name]: value ?? undefined })}
      data={data}
    />
  );
  const isFiltered = Object.values(filters).some((value) => value !== undefined);
  return (
    <div className={classes.bar} role="group" aria-label={t('events.filter')}>
      {select(
        'camera',
        cameras.map(({ id, name }) => ({ value: id, label: name })),
      )}
      {select(
        'status',
        STATUSES.map((value) => ({ value, label: t(`status.${value}`) })),
      )}
      {select(
        'severity',
        SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) })),
      )}
      {isFiltered && (
        <Button size="compact-xs" variant="subtle" className={classes.clear} onClick={() => onChange({})}>
          {t('events.clear')}
        </Button>
      )}
    </div>
  );
}
