import { Button, Menu, SegmentedControl } from '@mantine/core';
import { IconChevronDown, IconLogout, IconSettings, IconUser } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { User } from '@/api/types';
import { LanguageSwitch } from '@/components/language-switch';
import { useLogOut } from '@/features/session/api/log-out';
import { chooseTimesIn, useTimesIn } from '@/hooks/preferences';
import classes from './user-menu.module.css';

/** The person's own settings and the ways out. */
export function UserMenu({ user }: { user: User }) {
  const { t } = useTranslation();
  const logOut = useLogOut();
  const timesIn = useTimesIn();
  return (
    <Menu position="bottom-end" width={250} shadow="md" closeOnItemClick={false}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          className={classes.target}
          rightSection={<IconChevronDown size={14} />}
          aria-label={`${t('user.menu')}: ${user.username}`}
        >
          {user.username}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.setting}>
          <span>{t('user.language')}</span>
          <LanguageSwitch fullWidth />
        </div>
        <div className={classes.setting}>
          <span>{t('user.times')}</span>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label={t('user.times')}
            value={timesIn}
            onChange={(choice) => chooseTimesIn(choice)}
            data={[
              { value: 'site', label: t('user.timesSite') },
              { value: 'browser', label: t('user.timesBrowser') },
            ]}
          />
        </div>
        <Menu.Divider />
        <Menu.Item
          closeMenuOnClick
          leftSection={<IconUser size={16} stroke={1.7} />}
          renderRoot={(props) => <Link to="/account" {...props} />}
        >
          {t('user.account')}
        </Menu.Item>
        {user.is_staff && (
          <Menu.Item component="a" href="/admin/" leftSection={<IconSettings size={16} stroke={1.7} />}>
            {t('user.admin')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.7} />} onClick={() => logOut.mutate()}>
          {t('user.logOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
