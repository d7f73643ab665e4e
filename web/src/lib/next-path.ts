/** A path of this application out of an address that anybody may have written: never another site, never the log-in. */
export function nextPath(next: unknown): string {
  if (typeof next !== 'string') return '/live';
  const url = URL.canParse(next, location.origin) ? new URL(next, location.origin) : undefined;
  if (url?.origin !== location.origin || url.pathname === '/login') return '/live';
  return url.pathname + url.search + url.hash;
}
