import { useState } from 'react';
import { AskReset } from './ask-reset';
import { ChooseNewPassword } from './choose-new-password';

/** @param secret what stands behind the # of the link that was mailed; empty where there is none yet. */
export function ResetPassword({ secret, onDone }: { secret: string; onDone: () => void }) {
  const [isRefused, setIsRefused] = useState(false);
  if (secret === '' || isRefused) return <AskReset isAgain={isRefused} onBack={onDone} />;
  return <ChooseNewPassword secret={secret} onDone={onDone} onRefused={() => setIsRefused(true)} />;
}
