import { Button, Popover, Stack, type ButtonProps } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';

interface Props extends ButtonProps {
  /** What will happen, in a sentence. */
  question: string;
  onConfirm: () => void;
  /** For who cannot see beside what the button stands. */
  'aria-label'?: string;
  children: ReactNode;
}

/** A button for what cannot be undone: it asks once more, in place. */
export function ConfirmButton({ question, onConfirm, children, ...props }: Props) {
  const [isOpen, { toggle, close }] = useDisclosure();
  return (
    <Popover
      opened={isOpen}
      onChange={(open) => !open && close()}
      width={260}
      position="bottom-end"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button variant="default" size="xs" aria-haspopup="dialog" onClick={toggle} {...props}>
          {children}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          {question}
          <Button
            color="red.9"
            size="xs"
            onClick={() => {
              close();
              onConfirm();
            }}
          >
            {children}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
