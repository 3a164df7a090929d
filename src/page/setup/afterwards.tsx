// Step seven: who reaches the page afterwards, a history, a broker.
import { useState } from 'preact/hooks';
import { Check, Field } from '../parts/field.tsx';
import { Frame } from './frame.tsx';
import { chooseAndGoOn, draft, setup } from './wizard.ts';
import { s } from './words.ts';

const HERE = '127.0.0.1';
const EVERYWHERE = '0.0.0.0';
type Host = typeof HERE | typeof EVERYWHERE;

const isBroker = (url: string): boolean => url === '' || /^mqtts?:\/\/[^\s/]+\/?$/i.test(url);

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
  const { listen, has_history, mqtt_url } = draft.value;
  const port = setup.value?.port ?? 3001;
  const [host, setHost] = useState<Host>(listen === undefined || listen.startsWith(HERE) ? HERE : EVERYWHERE);
  // An old file without a history may have none on purpose.
  const [hasHistory, setHistory] = useState(has_history ?? true);
  const [broker, setBroker] = useState(mqtt_url ?? '');
  const take = () =>
    chooseAndGoOn({
      listen: `${host}:${port}`,
      has_history: hasHistory,
      ...(broker.trim() !== (mqtt_url ?? '') && { mqtt_url: broker.trim() }),
    });
  return (
    <Frame title={s('afterwards')} onward={s('next')} isBlocked={!isBroker(broker.trim())} onOnward={take}>
      <Reach host={host} port={port} onHost={setHost} />
      <Check label={s('history')} isOn={hasHistory} onChange={setHistory} />
      <Field
        label={s('mqtt')}
        value={broker}
        onValue={setBroker}
        hint={s('mqttHint')}
        problem={isBroker(broker.trim()) ? undefined : s('badMqtt')}
        input={{ type: 'url', spellcheck: false, autocapitalize: 'none' }}
      />
    </Frame>
  );
}
