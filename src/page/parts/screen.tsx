// One screen: its heading, which takes the focus when one comes to it, and the title of the browser's window.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface ScreenProps {
  readonly title: string;
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** Who has just opened the page is at its beginning already, whatever was shown while it got ready. */
const hasDoneSomething = (): boolean => navigator.userActivation?.hasBeenActive ?? true;

export function Screen({ title, aside, children }: ScreenProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · bmsgate`;
  }, [title]);
  useEffect(() => {
    if (hasDoneSomething()) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <>
      <div class="row apart">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {aside}
      </div>
      {children}
    </>
  );
}
