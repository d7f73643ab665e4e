import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import type { ChannelKind } from '@/api/types';
import { showFieldErrors } from '@/components/form-errors';
import { FormProblem } from '@/components/form-problem';
import classes from '@/components/form.module.css';
import { useAddChannel } from '../api/channels';
import { FIELDS } from '../channel-fields';

interface Props {
  kind: ChannelKind;
  onDone: () => void;
}

/** Where a new channel leads to, field by field as its kind needs them. */
export function NewChannelForm({ kind, onDone }: Props) {
  const { t } = useTranslation();
  const add = useAddChannel();
  const fields = FIELDS[kind];
  const hint = kind === 'apprise' || kind === 'webhook' ? t(`targetHint.${kind}`) : undefined;
  const form = useForm<Record<string, string>>({
    initialValues: { name: t(`kind.${kind}`), ...Object.fromEntries(fields.map(({ name }) => [name, ''])) },
    validate: Object.fromEntries(
      ['name', ...fields.filter(({ isOptional }) => !isOptional).map(({ name }) => name)].map((name) => [
        name,
        (value: string) => (value.trim() === '' ? t('login.required') : null),
      ]),
    ),
  });
  const submit = form.onSubmit(({ name = '', ...given }) => {
    const target = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
    add.mutate(
      { kind, name, target },
      { onSuccess: onDone, onError: (error) => showFieldErrors(form, error) },
    );
  });
  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <FormProblem
        error={add.error}
        labels={{
          name: t('channels.name'),
          ...Object.fromEntries(fields.map(({ name }) => [name, t(`target.${name}`)])),
        }}
      />
      <TextInput label={t('channels.name')} maxLength={80} autoFocus {...form.getInputProps('name')} />
      {fields.map(({ name, isSecret, isOptional }) => {
        const Input = isSecret ? PasswordInput : TextInput;
        const label = t(`target.${name}`);
        return (
          <Input
            key={name}
            label={isOptional ? t('channels.optional', { label }) : label}
            description={name === 'url' ? hint : undefined}
            autoComplete="off"
            spellCheck={false}
            {...form.getInputProps(name)}
          />
        );
      })}
      <div className={classes.buttons}>
        <Button type="submit" loading={add.isPending}>
          {t('channels.submit')}
        </Button>
        <Button variant="subtle" color="gray" onClick={onDone}>
          {t('form.cancel')}
        </Button>
      </div>
    </form>
  );
}
