// Who is logged in, and their own password.
import { useState } from 'preact/hooks';
import { ask, isRefused } from '../ask.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Field } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import { LoginForm, LogoutWarning } from '../session/login.tsx';
import { logOut, session } from '../session/session.ts';
import { t } from '../words/words.ts';

function PasswordForm({ name }: { readonly name: string }) {
  const [old, setOld] = useState('');
  const [password, setPassword] = useState('');
  const [said, setSaid] = useState<{ readonly isDone: boolean; readonly why?: string }>();
  const change = async (event: Event) => {
    event.preventDefault();
    const answer = await ask('/password', { post: { old, password } });
    setSaid(isRefused(answer) ? { isDone: false, why: answer.why } : { isDone: true });
    if (isRefused(answer)) return;
    setOld('');
    setPassword('');
  };
  return (
    <form class="stack" onSubmit={change}>
      {/* A password manager must know whose password it keeps. */}
      <input type="text" name="username" autocomplete="username" value={name} readOnly hidden />
      <Field
        label={t('settings.oldPassword')}
        value={old}
        onValue={setOld}
        input={{ type: 'password', name: 'password', autocomplete: 'current-password', required: true }}
      />
      <Field
        label={t('settings.newPassword')}
        value={password}
        onValue={setPassword}
        input={{ type: 'password', name: 'new-password', autocomplete: 'new-password', required: true }}
      />
      {said?.why && <Problem>{said.why}</Problem>}
      {said?.isDone && <p role="status">{t('settings.passwordChanged')}</p>}
      <div class="row">
        <Button type="submit">{t('settings.changePassword')}</Button>
      </div>
    </form>
  );
}

export function AccountCard() {
  const now = session.value;
  const [isOpen, setOpen] = useState(false);
  if (!now?.role) return null;
  if (now.name === undefined)
    return (
      <Card title={t('settings.account')}>
        <LogoutWarning />
        <p>{t('settings.notLoggedIn')}</p>
        <LoginForm />
      </Card>
    );
  return (
    <Card title={t('settings.account')}>
      <p>{t('settings.loggedInAs', { name: now.name, role: t(`roles.${now.role}`) })}</p>
      <div class="row">
        <Button onClick={logOut}>{t('session.logout')}</Button>
        {!isOpen && (
          <Button isLocal onClick={() => setOpen(true)}>
            {t('settings.changePassword')}
          </Button>
        )}
      </div>
      {isOpen && <PasswordForm name={now.name} />}
    </Card>
  );
}
