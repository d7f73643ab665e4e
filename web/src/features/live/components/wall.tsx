import { SegmentedControl, Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Camera, UserSite } from '@/api/types';
import { CameraTile, type Alarm } from './camera-tile';
import { StateCounts } from './state-counts';
import classes from './wall.module.css';

const SIZES = ['small', 'medium', 'large'] as const;
type Size = (typeof SIZES)[number];
const STORED = 'vigil.wall.size';

interface Props {
  cameras: readonly Camera[];
  sites: readonly UserSite[];
  /** Camera id -> its event that has not ended. */
  alarms: ReadonlyMap<string, Alarm>;
}

/** All cameras side by side, each where it always is: people find a camera by its place. */
export function Wall({ cameras, sites, alarms }: Props) {
  const { t } = useTranslation();
  const [site, setSite] = useState<string | null>(null);
  const [size, setSize] = useState<Size>(
    () => SIZES.find((name) => name === localStorage.getItem(STORED)) ?? 'medium',
  );
  const shown = cameras.filter((camera) => site === null || String(camera.site) === site);
  const chooseSize = (choice: string) => {
    localStorage.setItem(STORED, choice);
    setSize(choice as Size);
  };

  return (
    <div className={classes.page}>
      <header className={classes.bar}>
        <h1>{t('live.title')}</h1>
        <StateCounts cameras={shown} />
        {sites.length > 1 && (
          <Select
            size="xs"
            w={180}
            clearable
            aria-label={t('live.site')}
            placeholder={t('live.allSites')}
            value={site}
            onChange={setSite}
            data={sites.map(({ id, name }) => ({ value: String(id), label: name }))}
          />
        )}
        <SegmentedControl
          size="xs"
          visibleFrom="sm"
          aria-label={t('live.size')}
          value={size}
          onChange={chooseSize}
          data={SIZES.map((value) => ({ value, label: t(`live.${value}`) }))}
        />
      </header>
      <div className={classes.grid} data-size={size}>
        {shown.map((camera) => (
          <CameraTile key={camera.id} camera={camera} alarm={alarms.get(camera.id)} />
        ))}
      </div>
    </div>
  );
}
