import { cursorOf } from './cursor';

interface Page<T> {
  results: T[];
  next?: string | null;
}

/** Every row of a list, page after page. For lists that are short by their nature. */
export async function allOf<T>(get: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await get(cursor);
    rows.push(...page.results);
    cursor = cursorOf(page.next);
  } while (cursor !== undefined);
  return rows;
}
