// A broker that asks for a user: what the setup keeps of it, and what a real one says.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { thisMachine } from '../../src/commands/doctor/look.ts';
import { parseGateway, readGateway } from '../../src/config/gateway-file.ts';
import { readSecret, secretProblems } from '../../src/config/secrets.ts';
import { brokerFinding } from '../../src/firststart/broker.ts';
import { textOf } from '../../src/firststart/draft.ts';
import { passwords } from '../../src/firststart/passwords.ts';
import { proxyKeys } from '../../src/firststart/proxy-keys.ts';
import { secretBook } from '../../src/firststart/secret-book.ts';
import { fileBefore, openSteps } from '../../src/firststart/steps.ts';
import type { SetupDraft, SetupSecrets } from '../../src/model/api/setup.ts';
import { gatewayFile } from '../house/site.ts';
import { named } from '../modbus/wires.ts';
import { noMosquitto, startBroker } from '../mqtt/mosquitto.ts';

const root = mkdtempSync(join(tmpdir(), 'broker-'));
afterAll(() => rmSync(root, { recursive: true }));
let path = '';
let kept = '';
beforeEach(() => {
  const folder = mkdtempSync(join(root, 'one-'));
  path = join(folder, 'gateway.yaml');
  kept = join(folder, 'of-the-house');
});

const file = (mqtt: string) => gatewayFile(1502, { more: `mqtt: ${mqtt} # by hand` });

/** A setup that begins from a file with this broker; `write` changes the draft and gives the text that would be written. */
function setup(mqtt: string) {
  writeFileSync(path, file(mqtt));
  const before = fileBefore(path);
  const secrets = secretBook(path, before);
  const never = () => {
    throw new Error('nobody asks for the air here');
  };
  const steps = openSteps(
    {
      path,
      port: 3001,
      historyPath: '/h.db',
      look: thisMachine,
      air: { look: never, scan: never, read: never, alone: never, stop: never },
      secrets,
      passwords: passwords(secrets),
      keys: proxyKeys(secrets, undefined),
      readAll: never,
      done: () => {},
    },
    before,
  );
  const change = (more: SetupDraft, typed?: SetupSecrets) => {
    const { revision, draft } = steps.state();
    expect(steps.change(revision, { ...draft, ...more }, 'installer', typed)).toHaveProperty('revision');
    const now = steps.state();
    expect(JSON.stringify(now)).not.toContain('secret of the house');
    const brokerFile = secrets.fileFor('mqtt', 'mqtt-password', before?.file.mqtt?.password_file);
    const text = textOf(now.draft, { ...(before && { before }), historyPath: '/h.db', brokerFile });
    secrets.keep(parseGateway(path, text));
    return { text, state: now.mqtt_password };
  };
  return { steps, change };
}

const mqttOf = (text: string) => parseGateway(path, text).file.mqtt;

describe('a broker with a login', () => {
  test('is written with its user, and its password in a file that its owner alone reads', () => {
    const { change } = setup('{ url: "mqtt://broker.lan" }');
    const typed = { mqtt_password: 'secret of the house' };
    const { text, state } = change({ mqtt_user: 'cellar' }, typed);
    const passwordFile = join(path, '..', 'mqtt-password');
    expect(state).toBe('typed');
    expect(mqttOf(text)).toMatchObject({ username: 'cellar', password_file: passwordFile });
    expect(text).toContain('# by hand');
    expect([readFileSync(passwordFile, 'utf8'), statSync(passwordFile).mode & 0o777]).toEqual([
      'secret of the house\n',
      0o600,
    ]);
    writeFileSync(path, text);
    expect(secretProblems(readGateway(path))).toEqual([]);
  });

  test('keeps what stands in the file when the rest is changed', () => {
    writeFileSync(kept, 'secret of the house', { mode: 0o640 });
    const { steps, change } = setup(`{ url: "mqtt://broker.lan", username: cellar, password_file: ${kept} }`);
    expect(steps.state()).toMatchObject({ mqtt_password: 'kept', draft: { mqtt_user: 'cellar' } });
    expect(change({}).text).toBe(readFileSync(path, 'utf8'));
    const { text, state } = change({ mqtt_url: 'mqtt://192.168.1.5' });
    expect([mqttOf(text)?.password_file, mqttOf(text)?.url, state]).toEqual([
      kept,
      'mqtt://192.168.1.5',
      'kept',
    ]);
    expect([readFileSync(kept, 'utf8'), statSync(kept).mode & 0o777]).toEqual(['secret of the house', 0o640]);
  });

  test('that asks for none any more loses both', () => {
    writeFileSync(kept, 'secret of the house', { mode: 0o640 });
    const { change } = setup(`{ url: "mqtt://broker.lan", username: cellar, password_file: ${kept} }`);
    const { text, state } = change({ mqtt_user: '' }, { mqtt_password: 'of nobody' });
    expect(state).toBeUndefined();
    expect(mqttOf(text)).not.toHaveProperty('username');
    expect(mqttOf(text)).not.toHaveProperty('password_file');
  });

  test.skipIf(noMosquitto)(
    named('is called once, and says what it thinks of the login', noMosquitto),
    async (context) => {
      const users = { cellar: 'secret of the house' };
      const broker = await startBroker(context, { users });
      writeFileSync(kept, 'secret of the house', { mode: 0o600 });
      const says = async (login: string, text?: string) => {
        const config = parseGateway(path, file(`{ url: "mqtt://127.0.0.1:${broker.port}"${login} }`));
        return brokerFinding(config, (name) => (text === undefined ? readSecret(name) : { text }));
      };
      const login = `, username: cellar, password_file: ${kept}`;
      expect(await says(login)).toMatchObject({ state: 'ok', is: 'this MQTT broker lets the gateway in' });
      expect(await says(login, 'another')).toMatchObject({
        state: 'broken',
        is: expect.stringContaining('does not take user cellar with this password'),
      });
      expect(await says('')).toMatchObject({ state: 'broken', is: expect.stringContaining('wants a user') });
      expect(broker.log()).not.toContain('PUBLISH');
      await broker.stop();
      expect(await says(login)).toMatchObject({ is: expect.stringContaining('nothing listens at port') });
    },
  );
});
