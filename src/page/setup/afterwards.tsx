// Step seven: who reaches the page afterwards, a history, a broker.
import { useState } from 'preact/hooks';
import { Check } from '../parts/field.tsx';
import { BrokerFields, isBroker } from './broker.tsx';
import { Frame } from './frame.tsx';
import { chooseAndGoOn, draft, setup } from './wizard.ts';
import { s } from './words.ts';

const HERE = '127.0.0.1';
const EVERYWHERE = '0.0.0.0';
type Host = typeof HERE | typeof EVERYWHERE;

interface ReachProps {
  readonly host: Host;
  readonly port: number;
  readonly onHost: (host: Host) => void;
}

const Reach = ({ host, port, onHost }: ReachProps) => {
  const ways = [
    [HERE, s('here'), s('hereText', { port })],
    [EVERYWHERE, s('lan'), s('lanText')],
  ] as const;
  return (
    <fieldset class="stack">
      <legend class="setup-question">{s('whoSees')}</legend>
      {ways.map(([value, name, text]) => (
        <label key={value} class="setup-unit setup-way">
          <input type="radio" name="reach" checked={host === value} onChange={() => onHost(value)} />
          <span>
            <strong>{name}</strong>
            <span class="small soft">{text}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
};

export function Afterwards() {
  const { listen, has_history, mqtt_url = '', mqtt_user = '' } = draft.value;
  const port = setup.value?.port ?? 3001;
  const [host, setHost] = useState<Host>(listen === undefined || listen.startsWith(HERE) ? HERE : EVERYWHERE);
  // An old file without a history may have none on purpose.
  const [hasHistory, setHistory] = useState(has_history ?? true);
  const [broker, setBroker] = useState({ url: mqtt_url, user: mqtt_user, password: '' });
  const take = () => {
    const { url, user, password } = broker;
    const isOther = url !== mqtt_url || user !== mqtt_user;
    return chooseAndGoOn(
      {
        listen: `${host}:${port}`,
        has_history: hasHistory,
        ...(isOther && { mqtt_url: url, mqtt_user: user }),
      },
      url !== '' && password !== '' ? { mqtt_password: password } : {},
    );
  };
  return (
    <Frame title={s('afterwards')} onward={s('next')} isBlocked={!isBroker(broker)} onOnward={take}>
      <Reach host={host} port={port} onHost={setHost} />
      <Check label={s('history')} isOn={hasHistory} onChange={setHistory} />
      <BrokerFields broker={broker} onBroker={setBroker} />
    </Frame>
  );
}
