// The password of a battery that stays silent without it. What is typed goes to the gateway and is not kept here.
import { useState } from 'preact/hooks';
import type { SetupReading } from '../../model/api/setup-air.ts';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { setup } from './wizard.ts';
import { s } from './words.ts';

const isPassword = (text: string): boolean => /^[ -~]{6}$/.test(text);

export const hasPassword = ({ bms, address }: SetupReading): boolean =>
  address !== undefined && setup.value?.families.find(({ id }) => id === bms)?.has_password === true;

/** With which password it was read; nothing where it needs none. */
export const PasswordUsed = ({ reading: { password } }: { readonly reading: SetupReading }) =>
  password === 'typed' || password === 'kept' ? (
    <p class="small soft">{s(password === 'typed' ? 'passwordTyped' : 'passwordKept')}</p>
  ) : null;

interface PasswordProps {
  readonly reading: SetupReading;
  readonly onPassword: (password: string) => unknown;
}

export function Password({ reading: { password }, onPassword }: PasswordProps) {
  const [typed, setTyped] = useState('');
  const isWrong = typed !== '' && !isPassword(typed);
  return (
    <details open={password === 'wanted' || password === 'refused'}>
      <summary>{s('withPassword')}</summary>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          setTyped('');
          onPassword(typed);
        }}
      >
        <Field
          label={s('password')}
          value={typed}
          onValue={setTyped}
          hint={s('passwordHint')}
          problem={isWrong ? s('badPassword') : undefined}
          input={{ type: 'password', autocomplete: 'off', autocapitalize: 'none', spellcheck: false }}
        />
        <Button type="submit" isLocal isDisabled={!isPassword(typed)}>
          {s('tryPassword')}
        </Button>
      </form>
    </details>
  );
}
