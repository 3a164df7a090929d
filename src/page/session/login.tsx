// Name and password, so named that a password manager knows them.
import { useState } from 'preact/hooks';
import { Check, Field } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import { t } from '../words/words.ts';
import { Gate, GateForm } from './gate.tsx';
import { logIn, logoutWarning, session, wasLoggedOut } from './session.ts';

/** Of a logout that the disk has not taken. */
export const LogoutWarning = () =>
  logoutWarning.value === undefined ? null : <Problem>{logoutWarning.value}</Problem>;

export function LoginForm() {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [isShown, setShown] = useState(false);
  return (
    <GateForm action={t('session.login')} onSubmit={() => logIn(name, password)}>
      <Field
        label={t('session.name')}
        value={name}
        onValue={setName}
        input={{ name: 'username', autocomplete: 'username', autocapitalize: 'none', spellcheck: false }}
      />
      <Field
        label={t('session.password')}
        value={password}
        onValue={setPassword}
        input={{
          name: 'password',
          type: isShown ? 'text' : 'password',
          autocomplete: 'current-password',
        }}
      />
      <Check label={t('session.showPassword')} isOn={isShown} onChange={setShown} />
    </GateForm>
  );
}

export const Login = () => (
  <Gate title={t('session.login')}>
    {session.value?.trouble !== undefined && <Problem>{session.value.trouble}</Problem>}
    <LogoutWarning />
    {wasLoggedOut.value && <p>{t('session.ended')}</p>}
    <LoginForm />
  </Gate>
);
