// A few ways to look at the same thing, of which one is chosen; and tabs within a screen.
import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';

interface ChoicesProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [value: T, text: string])[];
  readonly onValue: (value: T) => void;
}

export const Choices = <T extends string>({ label, value, options, onValue }: ChoicesProps<T>) => (
  // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a legend that is seen
  <div class="choices" role="group" aria-label={label}>
    {options.map(([v, text]) => (
      <button key={v} type="button" aria-pressed={v === value} onClick={() => onValue(v)}>
        {text}
      </button>
    ))}
  </div>
);

interface InnerTabsProps<T extends string> extends ChoicesProps<T> {
  /** The panel of the chosen tab. */
  readonly children: ComponentChildren;
}

/** Tabs within a screen: the arrow keys go from one to the next. */
export function InnerTabs<T extends string>({ label, value, options, onValue, children }: InnerTabsProps<T>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const move = (by: number) => {
    const at = options.findIndex(([v]) => v === value);
    const next = options[(at + by + options.length) % options.length];
    if (!next) return;
    onValue(next[0]);
    list.current?.querySelector<HTMLElement>(`[data-tab="${next[0]}"]`)?.focus();
  };
  return (
    <>
      <div
        class="choices"
        role="tablist"
        aria-label={label}
        ref={list}
        onKeyDown={({ key }) => (key === 'ArrowRight' ? move(1) : key === 'ArrowLeft' && move(-1))}
      >
        {options.map(([v, text]) => (
          <button
            key={v}
            type="button"
            role="tab"
            data-tab={v}
            id={`${id}-${v}`}
            aria-selected={v === value}
            aria-controls={`${id}-panel`}
            tabIndex={v === value ? 0 : -1}
            onClick={() => onValue(v)}
          >
            {text}
          </button>
        ))}
      </div>
      <div class="stack" role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`}>
        {children}
      </div>
    </>
  );
}
