import { useQueryClient } from '@tanstack/react-query';
import { useLocation, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { setUpQuery } from '@/api/session';
import { InvitationForm } from '@/features/session/components/invitation-form';
import { ResetForm } from '@/features/session/components/reset-form';
import { SecondFactorSetUp } from '@/features/session/components/second-factor-set-up';
import { AccountPage } from './account-page';

/** `/reset-password#SECRET`, as it is mailed. */
export function ResetPage() {
  const { t } = useTranslation();
  const router = useRouter();
  return (
    <AccountPage title={t('account.resetTitle')}>
      <ResetForm secret={useLocation().hash} onDone={() => router.history.replace('/login')} />
    </AccountPage>
  );
}

/** `/invitation#SECRET`, as a manager hands it on, or as it is mailed. */
export function InvitationPage() {
  const { t } = useTranslation();
  const router = useRouter();
  return (
    <AccountPage title={t('account.invitationTitle')}>
      <InvitationForm secret={useLocation().hash} onDone={() => router.history.replace('/live')} />
    </AccountPage>
  );
}

/** `/second-factor`, where staff are led who must have one. */
export function SecondFactorPage() {
  const { t } = useTranslation();
  const router = useRouter();
  const queryClient = useQueryClient();
  const done = () => {
    queryClient.setQueryData(setUpQuery.queryKey, false);
    router.history.replace('/live');
  };
  return (
    <AccountPage title={t('account.secondFactorTitle')}>
      <SecondFactorSetUp onDone={done} />
    </AccountPage>
  );
}
