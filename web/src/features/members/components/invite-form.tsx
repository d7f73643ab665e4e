import { Button, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { ROLES } from '@/api/session';
import type { NewInvitation } from '@/api/types';
import { showFieldErrors } from '@/components/form-errors';
import { FormProblem } from '@/components/form-problem';
import classes from '@/components/form.module.css';
import { LANGUAGES, type Language } from '@/i18n';
import { useInvite, type NewInvitationRequest } from '../api/invitations';

interface Props {
  site: number;
  onMade: (invitation: NewInvitation) => void;
}

/** In which role, and whether by mail. */
export function InviteForm({ site, onMade }: Props) {
  const { t, i18n } = useTranslation();
  const invite = useInvite(site);
  const form = useForm<NewInvitationRequest>({
    initialValues: { role: 'operator', email: '', language: i18n.language as Language },
  });
  const submit = form.onSubmit((invitation) =>
    invite.mutate(invitation, { onSuccess: onMade, onError: (error) => showFieldErrors(form, error) }),
  );
  return (
    <form className={`${classes.form} ${classes.wide}`} onSubmit={submit} noValidate>
      <FormProblem
        error={invite.error}
        labels={{ email: t('members.email'), role: t('members.role'), language: t('members.language') }}
      />
      <div className={classes.pair}>
        <TextInput type="email" label={t('members.email')} maxLength={254} {...form.getInputProps('email')} />
        <Select
          label={t('members.role')}
          allowDeselect={false}
          data={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))}
          {...form.getInputProps('role')}
        />
        {form.values.email !== '' && (
          <Select
            label={t('members.language')}
            allowDeselect={false}
            data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
            {...form.getInputProps('language')}
          />
        )}
      </div>
      <div className={classes.buttons}>
        <Button type="submit" variant="default" loading={invite.isPending}>
          {t('members.makeLink')}
        </Button>
      </div>
    </form>
  );
}
