import { Button } from '@mantine/core';
import { IconMapQuestion } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/empty-state';

/** An address that is none of ours. */
export function NotFound() {
  const { t } = useTranslation();
  return (
    <EmptyState icon={<IconMapQuestion size={34} stroke={1.3} />} title={t('error.notFound')}>
      <Button variant="light" renderRoot={(props) => <Link to="/live" {...props} />}>
        {t('error.home')}
      </Button>
    </EmptyState>
  );
}
