// `mqtt:` of the gateway file: what is wrong is told at its place, and a battery stays itself whatever it is called.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseGateway } from '../../src/config/gateway-file.ts';
import { mqttOrders } from '../../src/config/mqtt-orders.ts';
import { secretProblems } from '../../src/config/secrets.ts';
import { GatewayError } from '../../src/model/errors.ts';

const usual = `
  - { id: a, bms: jbd, address: "A4:C1:38:00:00:01", cells: 16, capacity_Ah: 100 }
  - { id: b, bms: jbd, address: "A4:C1:38:00:00:02", cells: 16, capacity_Ah: 100 }`;

const file = (mqtt: string, batteries = usual, strings = '[[a], [b]]') => `batteries:${batteries}
bank:
  strings: ${strings}
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
  - { id: house, profile: pylontech-lv, can: can0 }
mqtt: { ${mqtt} }
`;

function problemsOf(text: string): string[] {
  try {
    parseGateway('g.yaml', text);
    return [];
  } catch (error) {
    if (!(error instanceof GatewayError) || !('problems' in error.details)) throw error;
    return error.details.problems.map(({ message }: { message: string }) => message);
  }
}

const urlWords =
  'write `mqtts://` or `mqtt://`, a host and if need be a port, e.g. "mqtts://broker.lan"; the user has a key of its own';
const topicWords =
  'a topic is words with `/` between them, without spaces, `#` and `+`, e.g. `bmsgate` or `home/cellar`';

describe('the broker of a gateway file', () => {
  test.each([
    ['no url', 'name: x', '`url` is missing; add it: a text'],
    ['a web address', 'url: "http://broker"', urlWords],
    ['a password in the url', 'url: "mqtt://me:secret@broker"', urlWords],
    ['a port that no listener has', 'url: "mqtt://broker:65536"', urlWords],
    ['port 0', 'url: "mqtt://broker:0"', urlWords],
    ['an address that is none', 'url: "mqtt://[::::]"', urlWords],
    ['a letter that no host has', 'url: "mqtt://br|oker"', urlWords],
    ['a name that no resolver takes', 'url: "mqtt://bröker.lan"', urlWords],
    ['a topic of everybody', 'url: "mqtt://b", topic: "#"', topicWords],
    ['a topic of the broker itself', 'url: "mqtt://b", topic: "$SYS/gate"', topicWords],
    ['a topic that ends nowhere', 'url: "mqtt://b", topic: "a/"', topicWords],
    [
      'a password of nobody',
      'url: "mqtt://b", password_file: /etc/p',
      'a password belongs to a user; give `username` too',
    ],
    [
      'a CA without TLS',
      'url: "mqtt://b", ca_file: /etc/ca.crt',
      '`ca_file` belongs to TLS; write `mqtts://` in `url`, or take it out',
    ],
    [
      'the topic of Home Assistant',
      'url: "mqtt://b", topic: homeassistant',
      '`homeassistant` is where Home Assistant looks for devices; take another topic',
    ],
    [
      'a name of two lines',
      'url: "mqtt://b", name: "a\\nb"',
      'a name is up to 60 characters on one line, e.g. `Cellar`',
    ],
    ['a key that nobody knows', 'url: "mqtt://b", user: me', 'unknown key `user`; did you mean `username`?'],
  ])('%s is a mistake', (_, mqtt, message) => {
    expect(problemsOf(file(mqtt))).toEqual([message]);
  });

  test('and whatever url passes is one that the gateway can take apart', () => {
    const part = fc.oneof(fc.string({ maxLength: 8 }), fc.stringMatching(/^\[[0-9a-f:.]{0,12}\]$/));
    fc.assert(
      fc.property(fc.constantFrom('mqtt', 'mqtts'), part, (scheme, host) => {
        const text = file(`url: ${JSON.stringify(`${scheme}://${host}`)}`);
        if (problemsOf(text).length) return;
        expect(mqttOrders(parseGateway('g.yaml', text).file)?.place.host).toMatch(/^[\w.:-]+$/);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['mqtt://broker', { host: 'broker', port: 1883, isTls: false }],
    ['mqtts://broker.lan/', { host: 'broker.lan', port: 8883, isTls: true }],
    ['mqtts://192.168.1.4:8884', { host: '192.168.1.4', port: 8884, isTls: true }],
    ['mqtt://[fd00::4]:1884', { host: 'fd00::4', port: 1884, isTls: false }],
  ])('%s is taken', (url, place) => {
    expect(mqttOrders(parseGateway('g.yaml', file(`url: "${url}"`)).file)?.place).toEqual(place);
  });

  test('has its password in a file that not everybody may read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bmsgate-mqtt-'));
    try {
      const password = join(folder, 'password');
      writeFileSync(password, 'secret\n');
      const config = () =>
        parseGateway('g.yaml', file(`url: "mqtt://b", username: me, password_file: ${password}`));
      chmodSync(password, 0o644);
      expect(secretProblems(config()).map(({ line, message }) => [line, message])).toEqual([
        [9, `${password} can be read by everybody; run \`chmod o-rwx ${password}\``],
      ]);
      chmodSync(password, 0o600);
      expect(secretProblems(config())).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test('a battery is known by its BMS: another name and another place in the file change its number alone', () => {
  const batteriesOf = (text: string) => mqttOrders(parseGateway('g.yaml', text).file)?.plan.batteries ?? [];
  const [a, b] = batteriesOf(file('url: "mqtt://b"'));
  const turned = usual.split('\n').toReversed().join('\n').replace('id: a', 'id: left');
  const [second, first] = batteriesOf(file('url: "mqtt://b"', `\n${turned}`, '[[left], [b]]'));
  expect([first?.key, second?.key]).toEqual([a?.key, b?.key]);
  expect([a?.number, first?.number, first?.id]).toEqual([1, 2, 'left']);
});

test('packs behind one line are told apart by their unit', () => {
  const line = (id: string, unit: number) =>
    `\n  - { id: ${id}, bms: seplos-v3, serial: /dev/ttyUSB0, unit: ${unit}, cells: 16, capacity_Ah: 100 }`;
  const { plan } =
    mqttOrders(parseGateway('g.yaml', file('url: "mqtt://b"', line('a', 0) + line('b', 1))).file) ?? {};
  const keys = plan?.batteries.map(({ key }) => key) ?? [];
  expect(keys).toEqual([
    expect.stringMatching(/^0e[0-9a-f]{10}_u0$/),
    expect.stringMatching(/^0e[0-9a-f]{10}_u1$/),
  ]);
});
