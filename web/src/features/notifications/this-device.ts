import { Store } from '@/lib/store';

/** How the server reaches this browser, as Web Push has it. */
export interface Subscription extends Record<string, string> {
  endpoint: string;
  p256dh: string;
  auth: string;
}

/** Why this browser cannot be told, or `ready`: without HTTPS none can; a refusal is undone in the browser's settings. */
export type PushState = 'ready' | 'insecure' | 'unsupported' | 'refused';

export function pushState(): PushState {
  if (!window.isSecureContext) return 'insecure';
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) {
    return 'unsupported';
  }
  return Notification.permission === 'denied' ? 'refused' : 'ready';
}

export class PushRefused extends Error {}

/** Asks the person, then the browser's push service. Throws PushRefused where either says no. */
export async function subscribe(publicKey: string): Promise<Subscription> {
  if ((await Notification.requestPermission()) !== 'granted') throw new PushRefused();
  await navigator.serviceWorker.register('/push-worker.js');
  const { pushManager } = await navigator.serviceWorker.ready;
  // One for another key, of a Vigil that was here before, would be in the way.
  await (await pushManager.getSubscription())?.unsubscribe();
  try {
    const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
    const { endpoint = '', keys = {} } = made.toJSON();
    return { endpoint, p256dh: keys.p256dh ?? '', auth: keys.auth ?? '' };
  } catch (error) {
    // The browser's push service cannot be reached, or the browser has none.
    throw new PushRefused(String(error));
  }
}

export async function unsubscribe(): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration('/push-worker.js');
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}

const STORED = 'vigil.push-channel';

/** The id of the channel that leads to this browser; null for none. */
export const ownChannel = new Store<string | null>(localStorage.getItem(STORED));

export function rememberChannel(id: string | null): void {
  if (id === null) localStorage.removeItem(STORED);
  else localStorage.setItem(STORED, id);
  ownChannel.set(id);
}
