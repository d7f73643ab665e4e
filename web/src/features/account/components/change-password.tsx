import { Button, PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { showFieldErrors } from '@/components/form-errors';
import { FormProblem } from '@/components/form-problem';
import classes from '@/components/form.module.css';
import { useChangePassword, type PasswordChange } from '../api/password';

/** @param username for the browser's store of passwords, which else would not know whose it is. */
export function ChangePassword({ username }: { username: string }) {
  const { t } = useTranslation();
  const change = useChangePassword();
  const required = (value: string) => (value === '' ? t('login.required') : null);
  const form = useForm<PasswordChange>({
    initialValues: { old_password: '', new_password: '' },
    validate: { old_password: required, new_password: required },
  });
  const submit = form.onSubmit((passwords) =>
    change.mutate(passwords, {
      onSuccess: () => form.reset(),
      onError: (error) => showFieldErrors(form, error),
    }),
  );
  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <FormProblem
        error={change.error}
        labels={{ old_password: t('password.old'), new_password: t('password.new') }}
      />
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <div className={classes.pair}>
        <PasswordInput
          label={t('password.old')}
          autoComplete="current-password"
          {...form.getInputProps('old_password')}
        />
        <PasswordInput
          label={t('password.new')}
          autoComplete="new-password"
          {...form.getInputProps('new_password')}
        />
      </div>
      <div className={classes.buttons}>
        <Button type="submit" variant="default" loading={change.isPending}>
          {t('password.submit')}
        </Button>
      </div>
      {change.isSuccess && (
        <p className={classes.done} role="status">
          {t('password.done')}
        </p>
      )}
    </form>
  );
}
