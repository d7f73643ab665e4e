import { useEffect, useState, useSyncExternalStore, type RefObject } from 'react';

function followVisibility(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}

/** Whether this tab is the one that is shown. */
export function usePageVisible(): boolean {
  return useSyncExternalStore(followVisibility, () => document.visibilityState === 'visible');
}

/** Whether the element, or 100 pixels around it, can be seen now: scrolled into view, in a tab that is shown. */
export function useInView(element: RefObject<Element | null>): boolean {
  const [intersects, setIntersects] = useState(false);
  const pageVisible = usePageVisible();
  useEffect(() => {
    if (element.current === null) return;
    const observer = new IntersectionObserver(
      (entries) => setIntersects(entries.at(-1)?.isIntersecting ?? false),
      { rootMargin: '100px' },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return intersects && pageVisible;
}
