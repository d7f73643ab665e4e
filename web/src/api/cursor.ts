/** The cursor in a page's `next` or `previous` URL; undefined at the end. */
export function cursorOf(url: string | null | undefined): string | undefined {
  if (!url) return undefined;
  return new URL(url, location.origin).searchParams.get('cursor') ?? undefined;
}
