// The broker through which Home Assistant finds the bank: its address, and the user that it asks for.
import { Field } from '../parts/field.tsx';
import { setup } from './wizard.ts';
import { s } from './words.ts';

/** As typed; a password that is empty stays as it is. */
export interface Broker {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

const isUrl = (url: string): boolean => url === '' || /^mqtts?:\/\/[^\s/]+\/?$/i.test(url);
const lacksUser = ({ user, password }: Broker): boolean => user === '' && password !== '';

export const isBroker = (broker: Broker): boolean => isUrl(broker.url) && !lacksUser(broker);

interface BrokerFieldsProps {
  readonly broker: Broker;
  readonly onBroker: (broker: Broker) => void;
}

export function BrokerFields({ broker, onBroker }: BrokerFieldsProps) {
  const { url, user, password } = broker;
  const put = (more: Partial<Broker>) => onBroker({ ...broker, ...more });
  const isHeld = user !== '' && setup.value?.mqtt_password !== undefined;
  return (
    <>
      <Field
        label={s('mqtt')}
        value={url}
        onValue={(text) => put({ url: text.trim() })}
        hint={s('mqttHint')}
        problem={isUrl(url) ? undefined : s('badMqtt')}
        input={{ type: 'url', spellcheck: false, autocapitalize: 'none' }}
      />
      {url !== '' && (
        <div class="setup-pair narrow">
          <Field
            label={s('mqttUser')}
            value={user}
            onValue={(text) => put({ user: text })}
            hint={s('mqttUserHint')}
            problem={lacksUser(broker) ? s('badMqttUser') : undefined}
            input={{ autocomplete: 'off', spellcheck: false, autocapitalize: 'none' }}
          />
          <Field
            label={s('mqttPassword')}
            value={password}
            onValue={(text) => put({ password: text })}
            hint={s(isHeld ? 'passwordHeld' : 'passwordFile')}
            input={{ type: 'password', autocomplete: 'off' }}
          />
        </div>
      )}
    </>
  );
}
