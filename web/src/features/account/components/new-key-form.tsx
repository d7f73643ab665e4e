import { Button, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { ROLES } from '@/api/session';
import type { NewApiKey, Role, UserSite } from '@/api/types';
import { showFieldErrors } from '@/components/form-errors';
import { FormProblem } from '@/components/form-problem';
import classes from '@/components/form.module.css';
import { useMakeKey } from '../api/keys';

interface Props {
  sites: readonly UserSite[];
  onMade: (key: NewApiKey) => void;
  onCancel: () => void;
}

interface Fields {
  name: string;
  role: Role;
  /** The number of a site, or `all`. */
  site: string;
  /** Days until it ends, or `never`. */
  expires_at: string;
}

const DAYS = [30, 90, 365];
const DAY_MILLISECONDS = 86_400_000;

function inDays(days: number): string {
  return new Date(Date.now() + days * DAY_MILLISECONDS).toISOString();
}

/** What a new API key is for and what it may do. */
export function NewKeyForm({ sites, onMade, onCancel }: Props) {
  const { t } = useTranslation();
  const make = useMakeKey();
  const form = useForm<Fields>({
    initialValues: { name: '', role: 'viewer', site: 'all', expires_at: '90' },
    validate: { name: (value) => (value.trim() === '' ? t('login.required') : null) },
  });
  const submit = form.onSubmit(({ name, role, site, expires_at }) => {
    const key = {
      name: name.trim(),
      role,
      site: site === 'all' ? null : Number(site),
      expires_at: expires_at === 'never' ? null : inDays(Number(expires_at)),
    };
    make.mutate(key, { onSuccess: onMade, onError: (error) => showFieldErrors(form, error) });
  });
  return (
    <form className={`${classes.form} ${classes.wide}`} onSubmit={submit} noValidate>
      <FormProblem
        error={make.error}
        labels={{
          name: t('keys.name'),
          role: t('keys.role'),
          site: t('keys.site'),
          expires_at: t('keys.expiry'),
        }}
      />
      <div className={classes.pair}>
        <TextInput
          label={t('keys.name')}
          placeholder={t('keys.namePlaceholder')}
          maxLength={80}
          autoFocus
          {...form.getInputProps('name')}
        />
        <Select
          label={t('keys.role')}
          allowDeselect={false}
          data={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
          {...form.getInputProps('role')}
        />
        <Select
          label={t('keys.site')}
          allowDeselect={false}
          data={[
            { value: 'all', label: t('keys.allSites') },
            ...sites.map(({ id, name }) => ({ value: String(id), label: name })),
          ]}
          {...form.getInputProps('site')}
        />
        <Select
          label={t('keys.expiry')}
          allowDeselect={false}
          data={[
            ...DAYS.map((count) => ({ value: String(count), label: t('keys.days', { count }) })),
            { value: 'never', label: t('keys.never') },
          ]}
          {...form.getInputProps('expires_at')}
        />
      </div>
      <div className={classes.buttons}>
        <Button type="submit" loading={make.isPending}>
          {t('keys.make')}
        </Button>
        <Button variant="subtle" color="gray" onClick={onCancel}>
          {t('form.cancel')}
        </Button>
      </div>
    </form>
  );
}
