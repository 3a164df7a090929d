// A question before something is done: the browser's own dialog, which keeps the focus and closes by Escape.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { isLive } from '../live/connection.ts';
import { t } from '../words/words.ts';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Open as long as it is there. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    // A dialog that is taken away, not closed, leaves the focus nowhere.
    return () => {
      if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
      <div>
        <h2 id={id}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}

interface ConfirmProps extends DialogProps {
  /** What the button that does it says. */
  readonly action: string;
  readonly isDangerous?: boolean;
  /** As long as it is true the button rests: an id not yet typed, a sentence not yet there. */
  readonly isBlocked?: boolean;
  readonly onConfirm: () => void;
}

export const Confirm = ({ action, isDangerous, isBlocked, onConfirm, children, ...rest }: ConfirmProps) => (
  <Dialog {...rest}>
    {children}
    <div class="row">
      <button class="button" type="button" onClick={rest.onClose}>
        {t('parts.cancel')}
      </button>
      <button
        class={`button ${isDangerous ? 'danger' : 'main'}`}
        type="button"
        disabled={isBlocked || !isLive.value}
        onClick={onConfirm}
      >
        {action}
      </button>
    </div>
  </Dialog>
);
