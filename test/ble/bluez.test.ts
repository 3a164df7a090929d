// The radio that bluetoothd holds, over a real D-Bus daemon, against a bluetoothd that does as the test says.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { bluezPort } from '../../src/ble/bluez.ts';
import type { Advert } from '../../src/bms/driver.ts';
import { eventually } from '../eventually.ts';
import {
  addAdapter,
  addUnit,
  bluezRoom,
  channelOf,
  HCI0,
  heard,
  JBD,
  JK,
  lostWhy,
  pathOf,
  titled,
} from './bluez-room.ts';
import { crank } from './crank.ts';
import { ADAPTER, b, bytes, DEVICE, FakeBluez, hasBus, n, Refusal, Variant } from './fake-bluez.ts';

describe.skipIf(!hasBus)(titled('an adapter that bluetoothd holds'), () => {
  test('that is there and on', async () => {
    const { port, reports } = await bluezRoom();
    await port.open();
    expect(reports).toEqual([{ state: 'ready' }]);
  });

  test('that is off, or another one, is one sentence with its remedy', async () => {
    const { bluez, port } = await bluezRoom();
    bluez.set(HCI0, ADAPTER, { Powered: b(false) });
    await expect(port.open()).rejects.toThrow('hci0: the adapter is off; switch it on with `rfkill unblock');
    bluez.remove(HCI0);
    await expect(port.open()).rejects.toThrow('hci0: there is no such adapter; plug one in');
    addAdapter(bluez, { name: 'hci3' });
    await expect(port.open()).rejects.toThrow('use hci3 (bluetooth.adapter), or plug it in');
  });

  test('without bluetoothd, or without a bus, too', async () => {
    const { bluez, port } = await bluezRoom();
    bluez.stop();
    await eventually(() =>
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
    await eventually(() => expect(reports.map(({ state }) => state)).toEqual(['ready', 'off', 'ready']));
    expect(reports[1]?.why).toMatch(/^hci0: the adapter is off; switch it on/);
    expect(await lost).toBe('the link was lost: out of reach, or the battery closed it');
  });

  test('that is pulled out and put back', async () => {
    const { bluez, port, reports } = await bluezRoom();
    await port.open();
    bluez.remove(HCI0);
    addAdapter(bluez, { isPowered: false });
    bluez.set(HCI0, ADAPTER, { Powered: b(true) });
    await eventually(() =>
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
    await eventually(() => expect(reports.at(-1)).toEqual({ state: 'ready' }));
    const adverts: Advert[] = [];
    await port.scan((advert) => adverts.push(advert));
    addUnit(next, JBD, 'ff00', 'JBD-1');
    await eventually(() => expect(adverts).toHaveLength(1));
    await connect(JBD);
    expect(next.asked('Connect')).toEqual([pathOf(JBD)]);
  });

  test('is missing when the bus itself ends', async () => {
    const { bus, reports, connect } = await heard();
    const lost = lostWhy(await connect(JBD));
    await bus.stop();
    await lost;
    await eventually(() => expect(reports.at(-1)?.why).toMatch(/the D-Bus system bus is not there; install/));
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
    await eventually(() => expect(reports.map(({ state }) => state)).toEqual(['ready', 'off', 'ready']));
  });
});

describe.skipIf(!hasBus)(titled('what bluetoothd hears on the air'), () => {
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
    await eventually(() => expect(adverts).toHaveLength(2));
    const first = { address: JBD, name: 'JBD-1', services: ['ff00'], rssiDbm: -60 };
    expect(adverts).toEqual([first, { ...first, rssiDbm: -71, companyId: 0x0b65 }]);
    const filter = bluez.calls.find(({ member }) => member === 'SetDiscoveryFilter')?.body[0];
    expect(filter).toEqual({ Transport: new Variant('s', 'le'), DuplicateData: b(true) });
  });

  test('the discovery is begun anew every three seconds, for each hears a unit once', async () => {
    const { bluez, clock, port } = await heard();
    await port.scan(() => {});
    expect(bluez.asked('StartDiscovery')).toHaveLength(1);
    const turn = async () => {
      await clock.by(100);
      expect(bluez.asked('StartDiscovery')).toHaveLength(3);
    };
    await eventually(turn);
    expect(clock.now()).toBeGreaterThanOrEqual(6_000);
    await port.stopScan();
    await clock.by(10_000);
    expect([bluez.asked('StartDiscovery'), bluez.asked('StopDiscovery')]).toMatchObject([
      { length: 3 },
      { length: 3 },
    ]);
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
    await eventually(() => expect(adverts).not.toEqual([]));
    expect(adverts.map(({ address }) => address)).toEqual([JBD]);
  });
});
