/** Site id -> the number up to which all its changes are known here. */
export type Sequences = Readonly<Record<string, number>>;

export interface Heard {
  known: Sequences;
  /** Sites of which changes were missed: ask for those since their known number. */
  behind: readonly string[];
  /** Nothing here can be trusted to be complete: load everything anew. */
  reload: boolean;
}

/** The server told the newest number of each site that the user may see.
 *
 * A site heard of for the first time may have changed between the loading of a list and now, and one whose numbers
 * went down has another history (a restored database): both are loaded anew. A site not told of is forgotten.
 */
export function hearAll(known: Sequences, newest: Sequences): Heard {
  const behind: string[] = [];
  const next: Record<string, number> = {};
  let reload = false;
  for (const [site, number] of Object.entries(newest)) {
    const before = known[site];
    if (before === undefined || before > number) {
      reload = true;
      next[site] = number;
    } else {
      if (before < number) behind.push(site);
      next[site] = before;
    }
  }
  return { known: next, behind, reload };
}

/** One change came: either the next one, or one already known, or there is a gap before it. */
export function hearOne(known: Sequences, site: string, number: number): Heard {
  const before = known[site];
  if (before === undefined) return { known: { ...known, [site]: number }, behind: [], reload: true };
  if (number === before + 1) return { known: { ...known, [site]: number }, behind: [], reload: false };
  return { known, behind: number > before ? [site] : [], reload: false };
}

/** Everything of a site up to this number was fetched. */
export function caughtUp(known: Sequences, site: string, number: number): Sequences {
  const before = known[site];
  return before !== undefined && before >= number ? known : { ...known, [site]: number };
}
