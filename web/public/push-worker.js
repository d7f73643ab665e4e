/**
 * Shows what Vigil pushes, also where no page of it is open, and opens what a notification tells of.
 * Registered by the UI as /push-worker.js; the payload is made by notifications/transports/web_push.py.
 */

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => {
  const message = read(event.data);
  const urgent = message.severity === 'critical';
  event.waitUntil(
    // Each push must show something, or the browser takes the permission away.
    self.registration.showNotification(message.title, {
      body: message.body,
      tag: message.thread,
      renotify: message.thread !== undefined,
      requireInteraction: urgent,
      lang: message.language,
      timestamp: message.at === undefined ? undefined : Date.parse(message.at),
      icon: '/favicon.svg',
      data: { path: pathOf(message.link) },
    }),
  );
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.path ?? '/'));
});

/** What was pushed, or that something was. */
function read(data) {
  try {
    const message = data.json();
    if (typeof message.title === 'string' && message.title !== '') return message;
  } catch {
    // not ours, or nothing at all
  }
  return { title: 'Vigil', body: '' };
}

/** The address within this Vigil, by whatever name this browser knows it; a push never leads elsewhere. */
function pathOf(link) {
  try {
    const { protocol, pathname, search } = new URL(link);
    return protocol.startsWith('http') ? pathname.replace(/^\/+/, '/') + search : '/';
  } catch {
    return '/';
  }
}

/** In a page of Vigil that is open already, else in a new one. */
async function open(path) {
  const url = new URL(path, self.location.origin).href;
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: false });
  const page = pages.find((each) => each.focused) ?? pages[0];
  if (page === undefined) return self.clients.openWindow(url);
  await page.focus();
  return page.navigate(url);
}
