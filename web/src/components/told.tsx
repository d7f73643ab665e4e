import { useEffect, useRef, type ReactNode } from 'react';

/** What became of a form, in its place. It takes the focus, which the form had: so it is read out, and the next Tab
 * goes on from here. */
export function Told({ children }: { children: ReactNode }) {
  const told = useRef<HTMLParagraphElement>(null);
  useEffect(() => told.current?.focus(), []);
  return (
    <p ref={told} tabIndex={-1} role="status">
      {children}
    </p>
  );
}
