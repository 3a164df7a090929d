// A text with the numbers of its lines; they scroll together.
import type { Ref } from 'preact';

interface ProfileTextProps {
  readonly label: string;
  readonly text: string;
  /** Absent: it is only read. */
  readonly onText?: ((text: string) => void) | undefined;
  readonly area?: Ref<HTMLTextAreaElement>;
}

export function ProfileText({ label, text, onText, area }: ProfileTextProps) {
  const count = text.split('\n').length;
  return (
    <div class="profile-text">
      <pre aria-hidden="true">{Array.from({ length: count }, (_, i) => i + 1).join('\n')}</pre>
      <textarea
        ref={area ?? null}
        aria-label={label}
        value={text}
        rows={count}
        readOnly={onText === undefined}
        wrap="off"
        spellcheck={false}
        autocapitalize="none"
        onInput={({ currentTarget }) => onText?.(currentTarget.value)}
      />
    </div>
  );
}
