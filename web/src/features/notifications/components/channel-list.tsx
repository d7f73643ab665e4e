import type { Channel } from '@/api/types';
import { Rows } from '@/components/rows';
import { ChannelRow } from './channel-row';

export function ChannelList({ label, channels }: { label: string; channels: readonly Channel[] }) {
  return (
    <Rows label={label}>
      {channels.map((channel) => (
        <ChannelRow key={channel.id} channel={channel} />
      ))}
    </Rows>
  );
}
