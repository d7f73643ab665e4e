import type { ChannelKind } from '@/api/types';

/** What the target of a channel is made of, as far as a person has to say it. */
export interface Field {
  name: 'address' | 'url' | 'secret' | 'host' | 'username' | 'password';
  isSecret?: boolean;
  isOptional?: boolean;
}

export const FIELDS: Readonly<Record<ChannelKind, readonly Field[]>> = {
  email: [{ name: 'address' }],
  apprise: [{ name: 'url' }],
  webhook: [{ name: 'url' }, { name: 'secret', isSecret: true }],
  mqtt: [
    { name: 'host' },
    { name: 'username', isOptional: true },
    { name: 'password', isSecret: true, isOptional: true },
  ],
  // A browser says it of itself.
  web_push: [],
};

export const ADDED_BY_HAND: readonly ChannelKind[] = ['email', 'apprise', 'webhook', 'mqtt'];

/** The part of a target that tells one from another and is no secret. */
export function shownTarget(target: Readonly<Record<string, string>>): string {
  return target.address ?? target.host ?? '';
}
