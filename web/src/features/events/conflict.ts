import type { Transition } from '@/api/types';

type HumanKind = 'acknowledged' | 'resolved' | 'dismissed' | 'reopened';

const KINDS = new Set<string>(['acknowledged', 'resolved', 'dismissed', 'reopened'] satisfies HumanKind[]);

export type Winner = Transition & { kind: HumanKind; by: string };

/** The colleague's change that stood in the way of ours: the newest one that a person made. */
export function winnerOf(transitions: readonly Transition[]): Winner | undefined {
  return transitions.findLast(
    (transition): transition is Winner => transition.by !== null && KINDS.has(transition.kind),
  );
}
