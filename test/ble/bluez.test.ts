// The radio that bluetoothd holds, over a real D-Bus daemon, against a bluetoothd that does as the test says.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { bluezPort } from '../../src/ble/bluez.ts';
import { type BleLink, chooseChannel, type GattCharacteristic } from '../../src/ble/port.ts';
import type { Advert } from '../../src/bms/driver.ts';
import { addAdapter, addUnit, bluezRoom, HCI0, JBD, JK, NOTIFY, pathOf, WRITE } from './bluez-room.ts';
import { crank } from './crank.ts';
import { ADAPTER, b, CHARACTERISTIC, DEVICE, FakeBluez, hasBus, n, Refusal, Variant } from './fake-bluez.ts';

const jbd = { service: 'ff00', notify: 'ff01', write: 'ff02' };
const jk = { service: 'ffe0', notify: 'ffe1', write: 'ffe1' };
const bytes = (...all: number[]) => new Variant('ay', Buffer.from(all));
const name = hasBus
  ? 'the radio that bluetoothd holds'
  : 'the radio that bluetoothd holds: SKIPPED, dbus-daemon is missing (apt-get install dbus)';
if (!hasBus) console.warn(name);

/** An open radio that has heard a JBD unit. */
async function heard(options: Parameters<typeof bluezRoom>[0] = {}) {
  const room = await bluezRoom(options);
  addUnit(room.bluez, JBD, 'ff00', 'JBD-1');
  await room.port.open();
  return room;
}

async function channelOf(link: BleLink, gatt = jbd) {
  const channel = chooseChannel(await link.discover(), [gatt]);
  if (!channel) throw new Error('no channel');
  return channel;
}

const lostWhy = (link: BleLink) => new Promise<string>((resolve) => link.onLost(resolve));

describe.skipIf(!hasBus)(name, () => {
  describe('an adapter', () => {
    test('that is there and on', async () => {
      const { port, reports } = await bluezRoom();
      await port.open();
      expect(reports).toEqual([{ state: 'ready' }]);
    });

    test('that is off, or another one, is one sentence with its remedy', async () => {
      const { bluez, port } = await bluezRoom();
      bluez.set(HCI0, ADAPTER, { Powered: b(false) });
      await expect(port.open()).rejects.toThrow(
        'hci0: the adapter is off; switch it on with `rfkill unblock',
      );
      bluez.remove(HCI0);
      await expect(port.open()).rejects.toThrow('hci0: there is no such adapter; plug one in');
      addAdapter(bluez, { name: 'hci3' });
      await expect(port.open()).rejects.toThrow('use hci3 (bluetooth.adapter), or plug it in');
    });

    test('without bluetoothd, or without a bus, too', async () => {
      const { bluez, port } = await bluezRoom();
      bluez.stop();
      await vi.waitFor(() =>
        expect(port.open()).rejects.toThrow(
          'hci0: bluetoothd does not run; start it with `systemctl enable --now bluetooth`',
        ),
      );
      const folder = mkdtempSync(join(tmpdir(), 'no-bus-'));
      onTestFinished(() => rmSync(folder, { recursive: true }));
      const nowhere = bluezPort({ adapter: 'hci0', timers: crank(), busAddress: `unix:path=${folder}/bus` });
      await expect(nowhere.open()).rejects.toThrow(
        /^hci0: the D-Bus system bus is not there \(.*ENOENT.*\); install/,
      );
    });

    test('that is switched off and on says so, once each, and the links are gone', async () => {
      const { bluez, connect, reports } = await heard();
      const lost = lostWhy(await connect(JBD));
      bluez.set(pathOf(JBD), DEVICE, { Connected: b(false) });
      bluez.set(HCI0, ADAPTER, { Powered: b(false) });
      bluez.set(HCI0, ADAPTER, { Powered: b(true) });
      await vi.waitFor(() => expect(reports.map(({ state }) => state)).toEqual(['ready', 'off', 'ready']));
      expect(reports[1]?.why).toMatch(/^hci0: the adapter is off; switch it on/);
      expect(await lost).toBe('the link was lost: out of reach, or the battery closed it');
    });

    test('that is pulled out and put back', async () => {
      const { bluez, port, reports } = await bluezRoom();
      await port.open();
      bluez.remove(HCI0);
      addAdapter(bluez, { isPowered: false });
      bluez.set(HCI0, ADAPTER, { Powered: b(true) });
      await vi.waitFor(() =>
        expect(reports.map(({ state }) => state)).toEqual(['ready', 'missing', 'off', 'ready']),
      );
    });

    test('is missing while bluetoothd is away; the next bluetoothd is used as the one before', async () => {
      const { bluez, port, reports, connect, restart } = await heard();
      const lost = lostWhy(await connect(JBD));
      bluez.stop();
      expect(await lost).toBe('bluetoothd does not run');
      expect(reports.at(-1)).toEqual({
        state: 'missing',
        why: expect.stringMatching(/bluetoothd.*; start it/),
      });
      const next = await restart();
      await vi.waitFor(() => expect(reports.at(-1)).toEqual({ state: 'ready' }));
      const adverts: Advert[] = [];
      await port.scan((advert) => adverts.push(advert));
      addUnit(next, JBD, 'ff00', 'JBD-1');
      await vi.waitFor(() => expect(adverts).toHaveLength(1));
      await connect(JBD);
      expect(next.asked('Connect')).toEqual([pathOf(JBD)]);
    });

    test('is missing when the bus itself ends', async () => {
      const { bus, reports, connect } = await heard();
      const lost = lostWhy(await connect(JBD));
      await bus.stop();
      await lost;
      await vi.waitFor(() =>
        expect(reports.at(-1)?.why).toMatch(/the D-Bus system bus is not there; install/),
      );
    });

    test('that refuses three scans in a row is as good as off', async () => {
      const { bluez, port, reports } = await heard();
      bluez.does.StartDiscovery = () => {
        throw new Refusal('org.bluez.Error.NotReady', 'Resource Not Ready');
      };
      for (const _ of [1, 2, 3])
        await expect(port.scan(() => {})).rejects.toThrow('hci0: scan failed: the adapter is off');
      expect(reports.map(({ state }) => state)).toEqual(['ready', 'off']);
    });

    test('is switched off and on for a wedged one', async () => {
      const { port, reports } = await heard();
      await port.powerCycle?.();
      await vi.waitFor(() => expect(reports.map(({ state }) => state)).toEqual(['ready', 'off', 'ready']));
    });
  });

  describe('on the air', () => {
    test('units are heard when they are new and whenever they are heard again', async () => {
      const { bluez, port } = await bluezRoom();
      const adverts: Advert[] = [];
      await port.open();
      await port.scan((advert) => adverts.push(advert));
      addUnit(bluez, JBD, 'ff00', 'JBD-1');
      bluez.set(pathOf(JBD), DEVICE, {
        RSSI: n(-71),
        ManufacturerData: new Variant('a{qv}', { 2917: bytes(1, 2) }),
      });
      bluez.set(pathOf(JBD), DEVICE, { Alias: new Variant('s', 'renamed') });
      await vi.waitFor(() => expect(adverts).toHaveLength(2));
      const first = { address: JBD, name: 'JBD-1', services: ['ff00'], rssiDbm: -60 };
      expect(adverts).toEqual([first, { ...first, rssiDbm: -71, companyId: 0x0b65 }]);
      const filter = bluez.calls.find(({ member }) => member === 'SetDiscoveryFilter')?.body[0];
      expect(filter).toEqual({ Transport: new Variant('s', 'le'), DuplicateData: b(true) });
    });

    test('nothing is heard after the end of the scan, nor from what BlueZ only remembers', async () => {
      const { bluez, port } = await heard();
      const adverts: Advert[] = [];
      await port.scan((advert) => adverts.push(advert));
      await port.stopScan();
      expect(bluez.asked('StopDiscovery')).toEqual([HCI0]);
      bluez.set(pathOf(JBD), DEVICE, { RSSI: n(-50) });
      await port.stopScan();
      await port.scan((advert) => adverts.push(advert));
      expect(adverts).toEqual([]);
    });

    test('a unit that is still connected from before does not advertise, but is there to be taken over', async () => {
      const { bluez, port, connect } = await heard();
      await connect(JBD);
      await port.close();
      const adverts: Advert[] = [];
      await port.open();
      await port.scan((advert) => adverts.push(advert));
      expect(adverts.map(({ address }) => address)).toEqual([JBD]);
      await channelOf(await connect(JBD));
      expect(bluez.asked('Connect')).toHaveLength(1);
    });

    test('nobody but bluetoothd is believed', async () => {
      const { bus, bluez, port } = await heard();
      const adverts: Advert[] = [];
      await port.scan((advert) => adverts.push(advert));
      const stranger = new FakeBluez(await FakeBluez.connect(bus.address));
      onTestFinished(() => stranger.stop());
      stranger.add(pathOf(JK), { [DEVICE]: { Address: new Variant('s', JK), RSSI: n(-1) } });
      await stranger.settle();
      bluez.set(pathOf(JBD), DEVICE, { RSSI: n(-50) });
      await vi.waitFor(() => expect(adverts).not.toEqual([]));
      expect(adverts.map(({ address }) => address)).toEqual([JBD]);
    });
  });

  describe('a link', () => {
    test('discovers, notifies and writes', async () => {
      const { bluez, connect } = await heard();
      const link = await connect(JBD);
      const said: Uint8Array[] = [];
      const { notify, write } = await channelOf(link);
      expect(notify).toEqual({ service: 'ff00', uuid: 'ff01', properties: ['read', 'notify'], handle: 0x0c });
      await link.subscribe(notify, (heardBytes) => said.push(heardBytes));
      bluez.does.WriteValue = () => bluez.set(NOTIFY, CHARACTERISTIC, { Value: bytes(0xdd, 3) });
      await link.write(write, Uint8Array.of(0xdd, 0xa5));
      await vi.waitFor(() => expect(said).toHaveLength(1));
      expect([...(said[0] ?? [])]).toEqual([0xdd, 3]);
      expect(bluez.calls.find(({ member }) => member === 'WriteValue')).toMatchObject({
        path: WRITE,
        body: [Buffer.from([0xdd, 0xa5]), { type: new Variant('s', 'command') }],
      });
    });

    test('tells two characteristics with one UUID apart', async () => {
      const { bluez, connect, port } = await heard();
      await port.scan(() => {});
      addUnit(bluez, JK, 'ffe0', 'JK');
      await vi.waitFor(() => connect(JK));
      const link = await connect(JK);
      const { notify, write } = await channelOf(link, jk);
      expect([notify.handle, write.handle]).toEqual([5, 3]);
      await link.subscribe(notify, () => {});
      await link.write(write, Uint8Array.of(0xaa));
      expect(bluez.asked('StartNotify')).toEqual([`${pathOf(JK)}/service000a/char0004`]);
      expect(bluez.asked('WriteValue')).toEqual([`${pathOf(JK)}/service000a/char0002`]);
    });

    test('tries the other way of writing once, and remembers it', async () => {
      const { bluez, connect } = await heard();
      const link = await connect(JBD);
      const { write } = await channelOf(link);
      const types = () =>
        bluez.calls.flatMap(({ member, body }) =>
          member === 'WriteValue' ? [(body[1] as { type: Variant }).type.value] : [],
        );
      bluez.does.WriteValue = () => {
        if (types().at(-1) === 'command') throw new Refusal('org.bluez.Error.NotSupported', 'no');
      };
      await link.write(write, Uint8Array.of(1));
      await link.write(write, Uint8Array.of(2));
      expect(types()).toEqual(['command', 'request', 'request']);
      bluez.does.WriteValue = () => {
        throw new Refusal('org.bluez.Error.Failed', 'Operation failed with ATT error: 0x03');
      };
      await expect(link.write(write, Uint8Array.of(3))).rejects.toThrow(
        `${JBD}: write failed: Operation failed with ATT error: 0x03`,
      );
      expect(types()).toHaveLength(4);
    });

    test('ends once: lost, and nothing more is done on it', async () => {
      const { bluez, connect } = await heard();
      const link = await connect(JBD);
      const { write } = await channelOf(link);
      const why: string[] = [];
      link.onLost((text) => why.push(text));
      bluez.remove(pathOf(JBD));
      await vi.waitFor(() => expect(why).toEqual(['BlueZ has removed it from its list']));
      await expect(link.write(write, Uint8Array.of(1))).rejects.toThrow('BlueZ has removed it');
      expect(await lostWhy(link)).toBe('BlueZ has removed it from its list');
      expect(bluez.asked('WriteValue')).toEqual([]);
    });

    test('that we close', async () => {
      const { bluez, connect } = await heard();
      const link = await connect(JBD);
      const lost = lostWhy(link);
      await link.disconnect();
      expect(await lost).toBe('we closed the link');
      expect(bluez.asked('Disconnect')).toEqual([pathOf(JBD)]);
    });

    test('that takes BlueZ long to close is not taken over, but waited for', async () => {
      const { bluez, clock, port, connect } = await heard();
      const link = await connect(JBD);
      bluez.does.Disconnect = () => {};
      const closed = link.disconnect();
      await vi.waitFor(() => expect(bluez.asked('Disconnect')).toHaveLength(1));
      await clock.by(2_000);
      await closed;
      const adverts: Advert[] = [];
      await port.scan((advert) => adverts.push(advert));
      await port.stopScan();
      expect(adverts).toEqual([]);
      const next = connect(JBD);
      bluez.set(pathOf(JBD), DEVICE, { Connected: b(false), ServicesResolved: b(false) });
      await channelOf(await next);
      expect(bluez.asked('Connect')).toHaveLength(2);
    });

    test('that is lost during discovery fails it at once; one whose services never come has a limit', async () => {
      const { bluez, clock, connect } = await heard();
      bluez.does.Connect = ({ path }) => bluez.set(path, DEVICE, { Connected: b(true) });
      const slow = (await connect(JBD)).discover();
      slow.catch(() => {});
      await clock.by(15_000);
      await expect(slow).rejects.toThrow(`${JBD}: discover failed: no answer within 15 s`);
      const link = await connect(JBD);
      const found: Promise<readonly GattCharacteristic[]> = link.discover();
      bluez.set(pathOf(JBD), DEVICE, { Connected: b(false) });
      await expect(found).rejects.toThrow('discover failed: the link was lost');
    });
  });

  describe('an attempt', () => {
    /** Connect is not answered until `answer`; Disconnect ends it, as BlueZ does. */
    function pending(bluez: FakeBluez) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      bluez.does.Connect = () => promise;
      bluez.does.Disconnect = () =>
        reject(new Refusal('org.bluez.Error.Failed', 'le-connection-abort-by-local'));
      return { resolve };
    }

    test('at a unit that was not heard', async () => {
      const { connect } = await heard();
      await expect(connect(JK)).rejects.toThrow(`${JK}: connect failed: it was not heard on the air yet`);
    });

    test('that nobody answers has our limit, and is broken off', async () => {
      const { bluez, clock, connect } = await heard();
      pending(bluez);
      const attempt = connect(JBD);
      attempt.catch(() => {});
      await vi.waitFor(() => expect(bluez.asked('Connect')).toHaveLength(1));
      await clock.by(20_000);
      await expect(attempt).rejects.toThrow(`${JBD}: connect failed: no answer within 20 s`);
      expect(bluez.asked('Disconnect')).toEqual([pathOf(JBD)]);
    });

    test('that is cancelled is broken off', async () => {
      const { bluez, port } = await heard();
      pending(bluez);
      const ending = new AbortController();
      const attempt = port.connect(JBD, { timeoutMs: 20_000, signal: ending.signal });
      attempt.catch(() => {});
      await vi.waitFor(() => expect(bluez.asked('Connect')).toHaveLength(1));
      ending.abort(new Error('another unit waits'));
      await expect(attempt).rejects.toThrow('another unit waits');
      expect(bluez.asked('Disconnect')).toEqual([pathOf(JBD)]);
    });

    test('that comes up after it was given up is closed again', async () => {
      const { bluez, clock, port } = await heard();
      const { promise, resolve } = Promise.withResolvers<void>();
      bluez.does.Connect = () => promise;
      bluez.does.Disconnect = () => {};
      const ending = new AbortController();
      const attempt = port.connect(JBD, { timeoutMs: 20_000, signal: ending.signal });
      attempt.catch(() => {});
      await vi.waitFor(() => expect(bluez.asked('Connect')).toHaveLength(1));
      ending.abort(new Error('stopped'));
      await vi.waitFor(() => expect(bluez.asked('Disconnect')).toHaveLength(1));
      resolve();
      await vi.waitFor(() => expect(bluez.asked('Disconnect')).toHaveLength(2));
      await clock.by(2_500);
      await expect(attempt).rejects.toThrow('stopped');
    });

    test('that BlueZ gives up itself says why in words', async () => {
      const { bluez, connect } = await heard();
      bluez.does.Connect = () => {
        throw new Refusal('org.bluez.Error.Failed', 'le-connection-abort-by-local');
      };
      await expect(connect(JBD)).rejects.toThrow(`${JBD}: connect failed: the battery did not answer`);
      expect(bluez.asked('Disconnect')).toEqual([]);
    });
  });

  test('a unit that is forgotten is removed from BlueZ, and is nobody until it is heard again', async () => {
    const { bluez, port, connect } = await heard();
    const lost = lostWhy(await connect(JBD));
    await port.forget?.(JBD);
    expect(await lost).toBe('BlueZ has removed it from its list');
    expect(bluez.calls.find(({ member }) => member === 'RemoveDevice')?.body).toEqual([pathOf(JBD)]);
    await expect(connect(JBD)).rejects.toThrow('it was not heard on the air yet');
    await port.forget?.(JBD);
  });

  describe('pairing', () => {
    const passkeyOf = (address: string) => (address === JBD ? '012345' : undefined);

    /** Pair asks the agent, as for a battery that shows a passkey; what it answered is kept. */
    function asking(bluez: FakeBluez, member = 'RequestPasskey') {
      const answers: unknown[] = [];
      bluez.does.Pair = async ({ path, sender }) => {
        const agent = String(bluez.calls.find((call) => call.member === 'RegisterAgent')?.body[0]);
        const answer = await bluez
          .askAgent(sender, agent, member, path)
          .catch((error: Error) => error.message);
        answers.push(answer);
        bluez.set(path, DEVICE, { Paired: b(true) });
      };
      return answers;
    }

    test('is done before the services are looked at, with the passkey of this battery', async () => {
      const { bluez, connect } = await heard({ passkeyOf });
      const answers = asking(bluez);
      const link = await connect(JBD);
      await link.discover();
      expect(answers).toEqual([12345]);
      expect(bluez.calls.find(({ member }) => member === 'RegisterAgent')?.body[1]).toBe('KeyboardOnly');
      await link.discover();
      expect(bluez.asked('Pair')).toHaveLength(1);
    });

    test('with a PIN code, as older modules ask for it', async () => {
      const { bluez, connect } = await heard({ passkeyOf });
      const answers = asking(bluez, 'RequestPinCode');
      await (await connect(JBD)).discover();
      expect(answers).toEqual(['012345']);
    });

    test('without a passkey there is none, and other questions are refused', async () => {
      const { bluez, connect } = await heard();
      await (await connect(JBD)).discover();
      expect(bluez.asked('Pair')).toEqual([]);
      const second = await heard({ passkeyOf });
      const answers = asking(second.bluez, 'RequestAuthorization');
      await (await second.connect(JBD)).discover();
      expect(answers).toEqual(['not for this device']);
    });

    test('that the battery refuses is one sentence', async () => {
      const { bluez, connect } = await heard({ passkeyOf });
      bluez.does.Pair = () => {
        throw new Refusal('org.bluez.Error.AuthenticationFailed', 'Authentication Failed');
      };
      await expect((await connect(JBD)).discover()).rejects.toThrow(
        `${JBD}: discover failed: the passkey was refused; correct passkey_file of this battery`,
      );
    });
  });
});
