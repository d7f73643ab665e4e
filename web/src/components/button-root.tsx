import type { ComponentProps } from 'react';

type Props = ComponentProps<'button'> & { 'data-loading'?: boolean };

/** The element of every button of Mantine. While it is loading it cannot be pressed, but it is not disabled: that would
 * drop the focus of who pressed it. A link that looks like a button has a `renderRoot` of its own. */
export function ButtonRoot(props: Props) {
  if (!props['data-loading']) return <button {...props} />;
  return <button {...props} disabled={false} aria-disabled onClick={(event) => event.preventDefault()} />;
}
