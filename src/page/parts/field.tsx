// One thing to be filled in: its name, what to know of it, and what is wrong with it.
import { h } from 'preact';
import { useId } from 'preact/hooks';
import { Problem } from './problem.tsx';

/** Of the `<input>` what a browser, a phone's keyboard and a password manager must know. */
interface InputManner {
  readonly type?: 'text' | 'password' | 'search' | 'url';
  readonly name?: string;
  readonly autocomplete?: string;
  readonly autocapitalize?: 'none';
  readonly inputMode?: 'numeric' | 'decimal';
  readonly spellcheck?: boolean;
  readonly maxLength?: number;
  readonly placeholder?: string;
  readonly required?: boolean;
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly hint?: string;
  readonly problem?: string | undefined;
  /** Of the `<input>`: type, autocomplete, inputMode, … */
  readonly input?: InputManner;
}

export function Field({ label, value, onValue, hint, problem, input }: FieldProps) {
  const id = useId();
  const told = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {h('input', {
        ...input,
        id,
        value,
        onInput: ({ currentTarget }: { readonly currentTarget: HTMLInputElement }) =>
          onValue(currentTarget.value),
        'aria-invalid': problem ? true : undefined,
        'aria-describedby': told || undefined,
      })}
      {hint && (
        <p id={`${id}-hint`} class="small soft">
          {hint}
        </p>
      )}
      {problem && <Problem id={`${id}-problem`}>{problem}</Problem>}
    </div>
  );
}

interface SelectProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly (readonly [value: T, text: string])[];
  readonly onValue: (value: T) => void;
}

export function Select<T extends string>({ label, value, options, onValue }: SelectProps<T>) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={({ currentTarget }) => {
          const chosen = options.find(([v]) => v === currentTarget.value);
          if (chosen) onValue(chosen[0]);
        }}
      >
        {options.map(([v, text]) => (
          <option key={v} value={v}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

interface CheckProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

export const Check = ({ label, isOn, onChange }: CheckProps) => (
  <label class="check">
    <input type="checkbox" checked={isOn} onChange={({ currentTarget }) => onChange(currentTarget.checked)} />
    {label}
  </label>
);
