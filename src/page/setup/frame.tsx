// One step: its question, what is wrong, and the two ways on.
import type { ComponentChildren } from 'preact';
import { Button } from '../parts/button.tsx';
import { Problem } from '../parts/problem.tsx';
import { Screen } from '../parts/screen.tsx';
import { goBack, stepNumber, trouble } from './wizard.ts';
import { s } from './words.ts';

interface FrameProps {
  readonly title: string;
  readonly text?: string;
  /** What the way on says; without it there is none. */
  readonly onward?: string;
  readonly isBlocked?: boolean;
  readonly onOnward?: () => unknown;
  readonly children: ComponentChildren;
}

export const Frame = ({ title, text, onward, isBlocked = false, onOnward, children }: FrameProps) => (
  <Screen title={title}>
    {text && <p class="soft">{text}</p>}
    <div class="stack setup-step">{children}</div>
    {trouble.value && <Problem isOfFile>{trouble.value}</Problem>}
    <div class="setup-ways">
      {stepNumber.value > 1 && (
        <Button isLocal icon="left" onClick={goBack}>
          {s('back')}
        </Button>
      )}
      {onward && (
        <Button isLocal look="main" isDisabled={isBlocked} onClick={() => void onOnward?.()}>
          {onward}
        </Button>
      )}
    </div>
  </Screen>
);
