import { Alert, Button, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Entrance } from '@/components/entrance';
import { FormProblem } from '@/components/form-problem';
import { Told } from '@/components/told';
import { useAskReset } from '../api/reset-password';

interface Props {
  /** Whether a link was tried that does not work any more. */
  isAgain: boolean;
  onBack: () => void;
}

/** Asks for a link by which to choose another password. */
export function AskReset({ isAgain, onBack }: Props) {
  const { t } = useTranslation();
  const [who, setWho] = useState('');
  const ask = useAskReset();
  return (
    <Entrance title={t('reset.title')} hint={ask.isSuccess ? undefined : t('reset.hint')}>
      {ask.isSuccess ? (
        <Stack gap="md">
          <Told>{t('reset.asked')}</Told>
          <Button variant="default" fullWidth onClick={onBack}>
            {t('reset.back')}
          </Button>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            ask.mutate(who.trim());
          }}
        >
          <Stack gap="md">
            {isAgain && (
              <Alert color="yellow" data-kind="hint" role="alert" p="xs">
                {t('problem.link_refused')}
              </Alert>
            )}
            <FormProblem error={ask.error} labels={{ who: t('reset.who') }} />
            <TextInput
              label={t('reset.who')}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              autoFocus
              size="md"
              maxLength={254}
              value={who}
              onChange={({ currentTarget }) => setWho(currentTarget.value)}
            />
            <Button type="submit" size="md" loading={ask.isPending} disabled={who.trim() === ''} fullWidth>
              {t('reset.ask')}
            </Button>
            <Button variant="subtle" color="gray" fullWidth onClick={onBack}>
              {t('reset.back')}
            </Button>
          </Stack>
        </form>
      )}
    </Entrance>
  );
}
