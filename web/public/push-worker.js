// Shows what Vigil tells this device while none of its pages is open, and leads to it.

self.addEventListener('push', (event) => {
  const told = event.data ? event.data.json() : {};
  event.waitUntil(
    self.registration.showNotification(told.title || 'Vigil', {
      body: told.body || '',
      lang: told.language || 'en',
      // What comes later of the same replaces it, and makes itself heard again.
      tag: told.thread || told.key || 'vigil',
      renotify: true,
      requireInteraction: told.severity === 'critical',
      timestamp: told.at ? Date.parse(told.at) : Date.now(),
      icon: '/favicon.svg',
      data: { path: pathOf(told.link) },
    }),
  );
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(show(event.notification.data.path));
});

/** Only ever a page of this Vigil, by the name under which this browser knows it. */
function pathOf(link) {
  if (!link || !URL.canParse(link, self.location.origin)) return '/';
  const { pathname, search } = new URL(link, self.location.origin);
  return pathname + search;
}

async function show(path) {
  const url = new URL(path, self.location.origin).href;
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const there = pages.find((page) => page.url === url);
  if (there) return there.focus();
  return self.clients.openWindow(url);
}
