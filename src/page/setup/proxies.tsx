// Bluetooth proxies in the network, which hear the batteries that this machine does not.
import { useState } from 'preact/hooks';
import type { SetupProxy } from '../../model/api/setup.ts';
import { Button } from '../parts/button.tsx';
import { Field } from '../parts/field.tsx';
import { idOf, nameOf, typedProxy } from './proxy-address.ts';
import { choose, draft, setup } from './wizard.ts';
import { s } from './words.ts';

const isKey = (text: string): boolean => text === '' || /^[A-Za-z0-9+/]{43}=$/.test(text);

/** How the page calls a proxy of the draft. */
export const proxyName = (id: string): string => {
  const proxy = draft.value.proxies?.find((one) => one.id === id);
  return proxy ? nameOf(proxy) : id;
};

/** One that is there already only gets another key. */
async function add(place: Omit<SetupProxy, 'id'>, key: string): Promise<boolean> {
  const all = draft.value.proxies ?? [];
  const same = all.find(({ host, port }) => host === place.host && port === place.port);
  const proxy = same ?? {
    id: idOf(
      place,
      all.map(({ id }) => id),
    ),
    ...place,
  };
  return choose(
    { proxies: same ? all : [...all, proxy] },
    key === '' ? {} : { proxy_keys: { [proxy.id]: key } },
  );
}

const AddProxy = () => {
  const [address, setAddress] = useState('');
  const [key, setKey] = useState('');
  const place = typedProxy(address.trim());
  const isWrong = address.trim() !== '' && !place;
  const take = async () => {
    if (!place || !(await add(place, key.trim()))) return;
    setAddress('');
    setKey('');
  };
  return (
    <div class="stack">
      <Field
        label={s('proxyAddress')}
        value={address}
        onValue={setAddress}
        hint={s('proxyAddressHint')}
        problem={isWrong ? s('badProxyAddress') : undefined}
        input={{ autocomplete: 'off', spellcheck: false, autocapitalize: 'none' }}
      />
      <Field
        label={s('proxyKey')}
        value={key}
        onValue={setKey}
        hint={s('proxyKeyHint')}
        problem={isKey(key.trim()) ? undefined : s('badProxyKey')}
        input={{ type: 'password', autocomplete: 'off' }}
      />
      <Button isLocal isDisabled={!place || !isKey(key.trim())} onClick={() => void take()}>
        {s('addProxy')}
      </Button>
    </div>
  );
};

interface ProxiesProps {
  /** Its batteries go with it. */
  readonly onDrop: (proxy: string) => void;
}

export function Proxies({ onDrop }: ProxiesProps) {
  const all = draft.value.proxies ?? [];
  const drop = async (proxy: SetupProxy) => {
    if (await choose({ proxies: all.filter((one) => one !== proxy) })) onDrop(proxy.id);
  };
  return (
    <details open={all.length > 0}>
      <summary>{s('proxies')}</summary>
      <div class="stack">
        <ul class="setup-units">
          {all.map((proxy) => (
            <li key={proxy.id} class="setup-unit row apart">
              <span>
                <span class="mono">{nameOf(proxy)}</span>{' '}
                <span class="small soft">
                  {s(setup.value?.proxy_keys[proxy.id] ? 'proxyEncrypted' : 'proxyPlain')}
                </span>
              </span>
              <Button isLocal icon="close" label={s('remove')} onClick={() => void drop(proxy)} />
            </li>
          ))}
        </ul>
        <AddProxy />
      </div>
    </details>
  );
}
