// Brokers that cannot be used: each is named in one sentence that says what to do, and called again in good time.
import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { readCertificate } from '../../src/mqtt/certificate.ts';
import { freePort } from '../house/site.ts';
import { until } from '../house/until.ts';
import { named } from '../modbus/wires.ts';
import { type Authority, authority, type Certificate } from './certificates.ts';
import { type HouseholdOptions, household } from './household.ts';
import { leave, leaveLarge, listen, say } from './listener.ts';
import { type BrokerOptions, noMosquitto, noTls, startBroker } from './mosquitto.ts';

const AWAY = 'away: MQTT broker not reached: ';
const STATUS = 'bmsgate/3f9c2a71/status';

/** What is said of a broker at the first call. */
async function firstWord(context: TestContext, port: number, options: HouseholdOptions): Promise<string> {
  const { news } = household(context, port, options);
  const [word = ''] = await until('the first call is over', 15_000, () => news.length > 0 && news);
  return word.replace(AWAY, '');
}

/** Something that listens and is no broker. */
async function listener(context: TestContext, meet: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    meet(socket);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  context.onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return port;
}

describe.concurrent('what is no broker', { timeout: 300_000 }, () => {
  test('a port at which nothing listens', async (context) => {
    const port = await freePort();
    expect(await firstWord(context, port, {})).toBe(
      `nothing listens at port ${port} of 127.0.0.1; start the broker there or correct mqtt.url`,
    );
  });

  test('a name that no machine has', async (context) => {
    expect(await firstWord(context, 1883, { place: { host: 'broker.invalid' } })).toBe(
      'no machine is called broker.invalid; correct mqtt.url, or write the address in place of the name',
    );
  });

  test('something that takes a connection and says nothing for ten seconds', async (context) => {
    const port = await listener(context, () => {});
    expect(await firstWord(context, port, {})).toBe(
      `127.0.0.1:${port} takes connections but does not answer as a broker does; if this is its TLS port write mqtts:// in mqtt.url`,
    );
  });

  test('something that takes a TLS connection and says nothing', async (context) => {
    const port = await listener(context, () => {});
    expect(await firstWord(context, port, { place: { isTls: true } })).toBe(
      `127.0.0.1:${port} takes connections but does not answer as a broker does; if it has no TLS write mqtt:// in mqtt.url, else its port (8883 is usual)`,
    );
  });

  test('something that hangs up', async (context) => {
    const port = await listener(context, (socket) => socket.end());
    expect(await firstWord(context, port, {})).toBe(
      `127.0.0.1:${port} hangs up before it answers; if this is its TLS port write mqtts:// in mqtt.url`,
    );
  });

  test('something that speaks another language', async (context) => {
    const port = await listener(context, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await firstWord(context, port, {})).toMatch(
      /; (correct mqtt\.url|if this is its TLS port write mqtts)/,
    );
  });

  test('something that does not speak TLS', async (context) => {
    const port = await listener(context, (socket) => socket.on('data', () => socket.end('SSH-2.0-x\r\n')));
    expect(await firstWord(context, port, { place: { isTls: true } })).toBe(
      `127.0.0.1:${port} does not speak TLS; if it has no TLS write mqtt:// in mqtt.url, else its port (8883 is usual)`,
    );
  });

  test('a password that cannot be read, and a CA file that holds no certificate', async (context) => {
    const problem = '/etc/x can be read by everybody; run `chmod o-rwx /etc/x`';
    expect(await firstWord(context, 1, { password: () => ({ problem }) })).toBe(problem);
    const ca = () => readCertificate(here);
    const here = import.meta.filename;
    expect(await firstWord(context, 1, { place: { isTls: true, caFile: here }, ca })).toBe(
      `${here} holds no certificate; put the one there that signed the broker's (PEM)`,
    );
  });
});

/** A broker that takes everything and lets nobody read (MQTT 3.1.1, sections 3.2 and 3.9). */
function refuseToBeRead(socket: Socket): void {
  const [CONNECT, SUBSCRIBE] = [1, 8];
  socket.on('data', (bytes) => {
    for (let at = 0; at < bytes.length; ) {
      const type = (bytes[at] ?? 0) >> 4;
      if (type === CONNECT) socket.write(Uint8Array.of(0x20, 2, 0, 0));
      if (type === SUBSCRIBE)
        socket.write(Uint8Array.of(0x90, 3, bytes[at + 2] ?? 0, bytes[at + 3] ?? 0, 0x80));
      let [length, digit] = [0, 0];
      do length += ((bytes[at + ++digit] ?? 0) & 0x7f) * 128 ** (digit - 1);
      while ((bytes[at + digit] ?? 0) > 127);
      at += 1 + digit + length;
    }
  });
}

test('a broker that does not let us read is named once a topic, and is told everything all the same', async (context) => {
  const heard: string[] = [];
  const port = await listener(context, (socket) => {
    refuseToBeRead(socket.on('data', (bytes) => heard.push(bytes.toString('latin1'))));
  });
  const { said } = household(context, port);
  await until('both topics named', 10_000, () => said.length === 2);
  expect(said.sort()).toEqual(
    ['homeassistant/device/+/config', 'homeassistant/status'].map(
      (topic) => `the broker does not let this gateway read ${topic}; allow that in its access list`,
    ),
  );
  await until('discovery', 10_000, () =>
    heard.join('').includes('"default_entity_id":"sensor.bms_bank_soc"'),
  );
});

describe.skipIf(noMosquitto)(named('a broker', noMosquitto), { timeout: 300_000 }, () => {
  test('that wants a password is told about, until the right one lies in the file', async (context) => {
    const { port } = await startBroker(context, { users: { gate: 'right' } });
    let password = 'wrong';
    const options = { place: { username: 'gate' }, password: () => ({ text: password }) };
    const { news, clock } = household(context, port, options);
    await until('refused', 10_000, () => news.length === 1);
    expect(news[0]).toBe(
      `${AWAY}the broker does not take user gate with this password; correct mqtt.username or the password in mqtt.password_file`,
    );
    password = 'right';
    await clock.by(2000);
    await until('here', 10_000, () => news.at(-1) === 'here');
  });

  test('that wants a user is told about', async (context) => {
    const { port } = await startBroker(context, { users: { gate: 'right' } });
    expect(await firstWord(context, port, {})).toBe(
      'the broker wants a user; give mqtt.username and mqtt.password_file',
    );
  });

  test('that hangs while it is connected is noticed within half a minute, and found again', async (context) => {
    const broker = await startBroker(context);
    const { news, clock } = household(context, broker.port);
    await until('here', 10_000, () => news[0] === 'here');
    broker.signal('SIGSTOP');
    await until('the loss', 30_000, () => news[1]);
    expect(news[1]).toBe(
      'lost: MQTT broker not reached: the broker does not answer any more; look whether it hangs, and at the network between',
    );
    broker.signal('SIGCONT');
    await clock.by(2000);
    await until('here again', 10_000, () => news.at(-1) === 'here');
  });

  test('whose topics are full of rubbish is read past it, and each piece is named once', async (context) => {
    const { port } = await startBroker(context);
    const own = (device: string) => `homeassistant/device/bmsgate_3f9c2a71${device}/config`;
    const huge = 'x'.repeat(10_000_000);
    await Promise.all([
      leaveLarge(port, own('_old'), huge),
      leaveLarge(port, 'homeassistant/device/another/config', huge),
      leave(port, own('_bank'), '{"no": "JSON'),
      leave(port, own('_b_stranger'), '{"device":{},"origin":{"name":"zigbee2mqtt"},"components":{}}'),
      leave(port, 'homeassistant/device/zigbee2mqtt_0x1/config', '{"origin":{"name":"zigbee2mqtt"}}'),
      leave(port, 'homeassistant/status', 'birthday'),
    ]);
    const ear = await listen(context, port);
    const before = process.memoryUsage().rss;
    const { said, clock, see } = household(context, port);
    await until('online', 10_000, () => ear.last(STATUS) === 'online');
    await until('all five named', 10_000, () => said.length === 5);
    await clock.by(6000);
    expect(process.memoryUsage().rss - before).toBeLessThan(60e6);
    await say(port, 'homeassistant/status', 'birthday');
    await say(port, 'homeassistant/status', 'online');
    see();
    await clock.by(6000);
    expect(said.sort()).toEqual([
      'a message of 10.0 MB at homeassistant/device/another/config was not read; if it is kept there take it away with `mosquitto_pub -r -n -t homeassistant/device/another/config`',
      `a message of 10.0 MB at ${own('_old')} was not read; if it is kept there take it away with \`mosquitto_pub -r -n -t ${own('_old')}\``,
      `${own('_b_stranger')} holds something that this gateway did not write; take it away with \`mosquitto_pub -r -n -t ${own('_b_stranger')}\``,
      `${own('_bank')} held something that this gateway did not write; it was written anew, nothing is to be done`,
      'homeassistant/status says something other than `online` or `offline`; correct mqtt.birth_topic, or the birth message in Home Assistant',
    ]);
    expect(JSON.parse(ear.last(own('_bank')) ?? '').origin.name).toBe('bmsgate');
    expect(ear.last('homeassistant/device/zigbee2mqtt_0x1/config')).toContain('zigbee2mqtt');
  });
});

describe.skipIf(noTls)(named('TLS', noTls), { timeout: 300_000 }, () => {
  let house: Authority;
  let good: Certificate;
  beforeAll(() => {
    house = authority();
    good = house.issue('localhost', 'DNS:localhost,IP:127.0.0.1', 2);
  });
  afterAll(() => house.remove());

  const trusting = async (): Promise<HouseholdOptions> => {
    const { readFileSync } = await import('node:fs');
    const text = readFileSync(house.caFile, 'utf8');
    return { place: { isTls: true, host: 'localhost', caFile: house.caFile }, ca: () => ({ text }) };
  };
  const told = async (
    context: TestContext,
    tls: Certificate,
    options: HouseholdOptions,
    more: BrokerOptions = {},
  ) => firstWord(context, (await startBroker(context, { tls, ...more })).port, options);

  test('with a CA of the house and a password, by name and by address', async (context) => {
    const { port } = await startBroker(context, { tls: good, users: { gate: 'secret' } });
    const ear = await listen(context, port, ['--cafile', house.caFile, '-u', 'gate', '-P', 'secret']);
    for (const host of ['localhost', '127.0.0.1']) {
      const { place, ca } = await trusting();
      const options = { place: { ...place, host, username: 'gate' }, ...(ca && { ca }), password: 'secret' };
      expect(await firstWord(context, port, options)).toBe('here');
    }
    await until('online', 10_000, () => ear.last(STATUS) === 'online');
  });

  test('of an authority that nobody here knows', async (context) => {
    expect(await told(context, good, { place: { isTls: true, host: 'localhost' } })).toBe(
      'the certificate of localhost is not signed by an authority that this machine trusts; give the certificate of the one that signed it as mqtt.ca_file',
    );
  });

  test('is verified also where the environment says that nothing is to be verified', async (context) => {
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    context.onTestFinished(() => {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    });
    expect(await told(context, good, { place: { isTls: true, host: 'localhost' } })).toContain(
      'is not signed by',
    );
  });

  test('of another authority than that of the file', async (context) => {
    const other = authority();
    context.onTestFinished(other.remove);
    const tls = other.issue('localhost', 'DNS:localhost', 2);
    expect(await told(context, tls, await trusting())).toBe(
      `the certificate of localhost is not signed by the authority in ${house.caFile}; put the certificate of the one that signed it there`,
    );
  });

  test('for another name', async (context) => {
    const tls = house.issue('elsewhere', 'DNS:broker.lan', 2);
    expect(await told(context, tls, await trusting())).toBe(
      'the certificate is not for localhost; write in mqtt.url the name that it is for (DNS:broker.lan), or have it made for localhost',
    );
  });

  test('that has expired', async (context) => {
    const tls = house.issue('old', 'DNS:localhost', -1);
    expect(await told(context, tls, await trusting())).toBe(
      'the certificate of localhost has expired; renew it at the broker, and check the clock of this machine',
    );
  });

  test('with a password that is wrong', async (context) => {
    const { place, ca } = await trusting();
    const options = { place: { ...place, username: 'gate' }, ...(ca && { ca }), password: 'wrong' };
    expect(await told(context, good, options, { users: { gate: 'right' } })).toContain(
      'user gate with this password',
    );
  });

  test('where plain MQTT is spoken to it', async (context) => {
    expect(await told(context, good, {})).toMatch(/; if this is its TLS port write mqtts:\/\/ in mqtt\.url$/);
  });
});
