// Who has an account, and what they may do; for installers.
import { useState } from 'preact/hooks';
import type { AccountLine } from '../../model/api/access.ts';
import { type Role, roles } from '../../model/api/site.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Spinner } from '../parts/empty.tsx';
import { Field, Select } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { t } from '../words/words.ts';
import { type AskedList, useAskedList, useAttempt } from './asked-list.ts';

const pathOf = (name: string, to: string): string => `/accounts/${encodeURIComponent(name)}/${to}`;

export const roleOptions = (): readonly (readonly [Role, string])[] =>
  roles.map((role) => [role, t(`settings.role_${role}`)] as const);

interface RowProps {
  readonly account: AccountLine;
  readonly change: AskedList<AccountLine>['change'];
}

interface QuestionProps {
  readonly account: AccountLine;
  /** Changes the account at this end of its path. */
  readonly post: (to: string, what: object) => void;
  readonly onClose: () => void;
}

function PasswordQuestion({ account: { name }, post, onClose }: QuestionProps) {
  const [password, setPassword] = useState('');
  const save = () => {
    post('password', { password });
    onClose();
  };
  return (
    <Confirm
      title={t('settings.setPasswordOf', { name })}
      action={t('settings.save')}
      isBlocked={password === ''}
      onClose={onClose}
      onConfirm={save}
    >
      <Field
        label={t('settings.newPassword')}
        value={password}
        onValue={setPassword}
        input={{ type: 'password', autocomplete: 'new-password' }}
      />
    </Confirm>
  );
}

function RemoveQuestion({ account: { name }, post, onClose }: QuestionProps) {
  const remove = () => {
    post('remove', {});
    onClose();
  };
  return (
    <Confirm
      title={t('settings.removeAccount', { name })}
      action={t('settings.removeDo')}
      isDangerous
      onClose={onClose}
      onConfirm={remove}
    >
      <p>{t('settings.removeAccountText')}</p>
    </Confirm>
  );
}

const questions = { password: PasswordQuestion, remove: RemoveQuestion };

function AccountRow({ account, change }: RowProps) {
  const { name, role } = account;
  const { why, attempt } = useAttempt();
  const post = (to: string, what: object) => void attempt(change(pathOf(name, to), what));
  const [asking, setAsking] = useState<keyof typeof questions>();
  const Question = asking && questions[asking];
  return (
    <li class="account">
      <h3>{name}</h3>
      <Select
        label={t('settings.role')}
        value={role}
        options={roleOptions()}
        onValue={(to) => post('role', { role: to })}
      />
      <div class="row">
        <Button onClick={() => setAsking('password')}>{t('settings.setPassword')}</Button>
        <Button look="danger" onClick={() => setAsking('remove')}>
          {t('settings.remove')}
        </Button>
        <Refusal why={why} />
      </div>
      {Question && <Question account={account} post={post} onClose={() => setAsking(undefined)} />}
    </li>
  );
}

function AddForm({ change }: Pick<RowProps, 'change'>) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const [password, setPassword] = useState('');
  const { why, attempt } = useAttempt();
  const add = async (event: Event) => {
    event.preventDefault();
    if ((await attempt(change('/accounts', { name, role, password }))) === undefined) return;
    setName('');
    setPassword('');
  };
  return (
    <form class="stack add-form" onSubmit={add}>
      <h3>{t('settings.addAccount')}</h3>
      <Field
        label={t('settings.name')}
        value={name}
        onValue={setName}
        input={{ required: true, autocomplete: 'off', autocapitalize: 'none', maxLength: 64 }}
      />
      <Select label={t('settings.role')} value={role} options={roleOptions()} onValue={setRole} />
      <Field
        label={t('settings.newPassword')}
        value={password}
        onValue={setPassword}
        input={{ type: 'password', required: true, autocomplete: 'new-password' }}
      />
      <div class="row">
        <Button type="submit">{t('settings.addAccount')}</Button>
        <Refusal why={why} />
      </div>
    </form>
  );
}

export function AccountsCard() {
  const { rows, why, change } = useAskedList<AccountLine>('/accounts');
  return (
    <Card title={t('settings.accounts')}>
      {why && <Problem>{why}</Problem>}
      {!rows && !why && <Spinner />}
      <ul class="account-list">
        {rows?.map((account) => (
          <AccountRow key={account.name} account={account} change={change} />
        ))}
      </ul>
      <AddForm change={change} />
    </Card>
  );
}
