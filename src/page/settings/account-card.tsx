// Who is logged in, and their own password.
import { useState } from 'preact/hooks';
import { ask } from '../ask.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Field } from '../parts/field.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { LoginForm, LogoutWarning } from '../session/login.tsx';
import { logOut, session } from '../session/session.ts';
import { t } from '../words/words.ts';
import { useAttempt } from './asked-list.ts';

function PasswordForm({ name }: { readonly name: string }) {
  const [old, setOld] = useState('');
  const [password, setPassword] = useState('');
  const [isDone, setDone] = useState(false);
  const { why, attempt } = useAttempt();
  const change = async (event: Event) => {
    event.preventDefault();
    setDone(false);
    const answer = await attempt(ask('/password', { post: { old, password } }));
    setDone(answer !== undefined);
    if (answer === undefined) return;
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
      {isDone && <p role="status">{t('settings.passwordChanged')}</p>}
      <div class="row">
        <Button type="submit">{t('settings.changePassword')}</Button>
        <Refusal why={why} />
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
