import { useEffect, useRef } from 'react';

/** Keeps the focus within a part of the page: where what had it vanishes, the part itself takes it. The part is to have
 * a name. Returns its properties. */
export function useKeptFocus<Part extends HTMLElement>() {
  const ref = useRef<Part>(null);
  const isWithin = useRef(false);
  // After each drawing. React tells of no blur of what it takes away.
  useEffect(() => {
    if (isWithin.current && document.activeElement === document.body) ref.current?.focus();
  });
  return {
    ref,
    tabIndex: -1,
    onFocus: () => {
      isWithin.current = true;
    },
    onBlur: () => {
      isWithin.current = false;
    },
  };
}
