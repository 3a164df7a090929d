// Tokens of programs, for installers; a secret is shown once.
import { useState } from 'preact/hooks';
import type { NewToken, TokenLine } from '../../model/api/access.ts';
import type { Role } from '../../model/api/site.ts';
import { momentText } from '../format.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { Spinner } from '../parts/empty.tsx';
import { Field, Select } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import { Refusal } from '../parts/refusal.tsx';
import { t } from '../words/words.ts';
import { roleOptions } from './accounts-card.tsx';
import { type AskedList, useAskedList, useAttempt } from './asked-list.ts';

type Change = AskedList<TokenLine>['change'];

const dated = { dateStyle: 'medium', timeStyle: 'short' } as const;

function TokenRow({ token, change }: { readonly token: TokenLine; readonly change: Change }) {
  const { name, role, created_ms, used_ms } = token;
  const [isAsking, setAsking] = useState(false);
  const { why, attempt } = useAttempt();
  return (
    <li class="account">
      <h3>{name}</h3>
      <p class="small soft">
        {t(`roles.${role}`)} · {t('settings.created')} {momentText(created_ms, dated)} · {t('settings.used')}{' '}
        {used_ms === undefined ? t('settings.neverUsed') : momentText(used_ms, dated)}
      </p>
      <div class="row">
        <Button look="danger" onClick={() => setAsking(true)}>
          {t('settings.remove')}
        </Button>
        <Refusal why={why} />
      </div>
      {isAsking && (
        <Confirm
          title={t('settings.removeToken', { name })}
          action={t('settings.removeDo')}
          isDangerous
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            void attempt(change(`/tokens/${encodeURIComponent(name)}/remove`, {}));
          }}
        >
          <p>{t('settings.removeTokenText')}</p>
        </Confirm>
      )}
    </li>
  );
}

const Secret = ({ secret }: { readonly secret: string }) => (
  <div class="stack foretold" role="status">
    <p>{t('settings.secretOnce')}</p>
    <code class="long-hex">{secret}</code>
    <div class="row">
      <CopyButton text={() => secret} />
    </div>
  </div>
);

function AddForm({ change }: { readonly change: Change }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [secret, setSecret] = useState<string>();
  const { why, attempt } = useAttempt();
  const add = async (event: Event) => {
    event.preventDefault();
    const made = await attempt(change<NewToken>('/tokens', { name, role }));
    setSecret(made?.secret);
    if (made) setName('');
  };
  return (
    <form class="stack add-form" onSubmit={add}>
      <h3>{t('settings.addToken')}</h3>
      <Field
        label={t('settings.name')}
        value={name}
        onValue={setName}
        input={{ required: true, autocomplete: 'off', autocapitalize: 'none', maxLength: 64 }}
      />
      <Select label={t('settings.role')} value={role} options={roleOptions()} onValue={setRole} />
      <div class="row">
        <Button type="submit">{t('settings.addToken')}</Button>
        <Refusal why={why} />
      </div>
      {secret && <Secret secret={secret} />}
    </form>
  );
}

export function TokensCard() {
  const { rows, why, change } = useAskedList<TokenLine>('/tokens');
  return (
    <Card title={t('settings.tokens')}>
      <p class="small soft">{t('settings.tokensText')}</p>
      {why && <Problem>{why}</Problem>}
      {!rows && !why && <Spinner />}
      {rows?.length === 0 && <p>{t('settings.noTokens')}</p>}
      <ul class="account-list">
        {rows?.map((token) => (
          <TokenRow key={token.name} token={token} change={change} />
        ))}
      </ul>
      <AddForm change={change} />
    </Card>
  );
}
