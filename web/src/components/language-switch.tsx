import { SegmentedControl } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { keepLanguage, sessionKey } from '@/api/session';
import { chooseLanguage, LANGUAGES, type Language } from '@/i18n';

/** Every language by its own name. Whoever is logged in is also written to in the one that they choose. */
export function LanguageSwitch({ fullWidth = false }: { fullWidth?: boolean }) {
  const { t, i18n } = useTranslation();
  const queryClient = useQueryClient();
  function choose(language: Language) {
    chooseLanguage(language);
    if (queryClient.getQueryData(sessionKey)) void keepLanguage(language);
  }
  return (
    <SegmentedControl
      size="xs"
      fullWidth={fullWidth}
      aria-label={t('user.language')}
      value={i18n.language}
      onChange={(language) => choose(language as Language)}
      data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
    />
  );
}
