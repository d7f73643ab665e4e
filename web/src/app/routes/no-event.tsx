import { IconListSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/empty-state';

/** Beside the list while no event is chosen. */
export function NoEvent() {
  const { t } = useTranslation();
  return <EmptyState icon={<IconListSearch size={34} stroke={1.3} />} title={t('events.choose')} />;
}
