// One step: its question, what is wrong, and the two ways on.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
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

/** On a phone it would stand below the screen, and the way on would only seem to do nothing. */
function Trouble() {
  const place = useRef<HTMLDivElement>(null);
  const text = trouble.value;
  useEffect(() => {
    if (text) place.current?.scrollIntoView({ block: 'nearest' });
  }, [text]);
  return (
    <div class="setup-trouble" ref={place}>
      {text && <Problem isOfFile>{text}</Problem>}
    </div>
  );
}

export const Frame = ({ title, text, onward, isBlocked = false, onOnward, children }: FrameProps) => (
  <Screen title={title}>
    {text && <p class="soft">{text}</p>}
    <div class="stack setup-step">{children}</div>
    <Trouble />
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
