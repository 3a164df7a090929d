// The first password: who can read the gateway's terminal or journal may set it.
import { useState } from 'preact/hooks';
import { Check, Field } from '../parts/field.tsx';
import { t } from '../words/words.ts';
import { Gate, GateForm } from './gate.tsx';
import { claim } from './session.ts';

const LEAST_LENGTH = 10;
const CODE = /^\d{6}$/;

export function Claim() {
  const [code, setCode] = useState('');
  const [name, setName] = useState('installer');
  const [password, setPassword] = useState('');
  const [isShown, setShown] = useState(false);
  const submit = async () => {
    const digits = code.replace(/\s/g, '');
    if (!CODE.test(digits)) return { why: t('session.badCode') };
    if (password.length < LEAST_LENGTH) return { why: t('session.shortPassword', { n: LEAST_LENGTH }) };
    return claim(digits, name, password);
  };
  return (
    <Gate title={t('session.claim')}>
      <p>{t('session.claimText')}</p>
      <GateForm action={t('session.claimDo')} onSubmit={submit}>
        <Field
          label={t('session.code')}
          value={code}
          onValue={setCode}
          hint={t('session.claimWhere')}
          input={{ name: 'one-time-code', autocomplete: 'one-time-code', inputMode: 'numeric' }}
        />
        <Field
          label={t('session.name')}
          value={name}
          onValue={setName}
          input={{ name: 'username', autocomplete: 'username', autocapitalize: 'none', spellcheck: false }}
        />
        <Field
          label={t('session.newPassword')}
          value={password}
          onValue={setPassword}
          hint={t('session.newPasswordRule', { n: LEAST_LENGTH })}
          input={{
            name: 'new-password',
            type: isShown ? 'text' : 'password',
            autocomplete: 'new-password',
          }}
        />
        <Check label={t('session.showPassword')} isOn={isShown} onChange={setShown} />
      </GateForm>
    </Gate>
  );
}
