// Links and attempts at them through bluetoothd.
import { describe, expect, test } from 'vitest';
import type { GattCharacteristic } from '../../src/ble/port.ts';
import type { Advert } from '../../src/bms/driver.ts';
import { eventually } from '../eventually.ts';
import { addUnit, channelOf, heard, JBD, JK, lostWhy, NOTIFY, pathOf, titled, WRITE } from './bluez-room.ts';
import { b, bytes, CHARACTERISTIC, DEVICE, type FakeBluez, hasBus, Refusal, Variant } from './fake-bluez.ts';

const jk = { service: 'ffe0', notify: 'ffe1', write: 'ffe1' };

describe.skipIf(!hasBus)(titled('a link through bluetoothd'), () => {
  test('discovers, notifies and writes', async () => {
    const { bluez, connect } = await heard();
    const link = await connect(JBD);
    const said: Uint8Array[] = [];
    const { notify, write } = await channelOf(link);
    expect(notify).toEqual({ service: 'ff00', uuid: 'ff01', properties: ['read', 'notify'], handle: 0x0c });
    await link.subscribe(notify, (heardBytes) => said.push(heardBytes));
    bluez.does.WriteValue = () => bluez.set(NOTIFY, CHARACTERISTIC, { Value: bytes(0xdd, 3) });
    await link.write(write, Uint8Array.of(0xdd, 0xa5));
    await eventually(() => expect(said).toHaveLength(1));
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
    await eventually(() => connect(JK));
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
    await eventually(() => expect(why).toEqual(['BlueZ has removed it from its list']));
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
    await eventually(() => expect(bluez.asked('Disconnect')).toHaveLength(1));
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

describe.skipIf(!hasBus)(titled('an attempt through bluetoothd'), () => {
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
    await eventually(() => expect(bluez.asked('Connect')).toHaveLength(1));
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
    await eventually(() => expect(bluez.asked('Connect')).toHaveLength(1));
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
    await eventually(() => expect(bluez.asked('Connect')).toHaveLength(1));
    ending.abort(new Error('stopped'));
    await eventually(() => expect(bluez.asked('Disconnect')).toHaveLength(1));
    resolve();
    await eventually(() => expect(bluez.asked('Disconnect')).toHaveLength(2));
    await clock.by(2_500);
    await expect(attempt).rejects.toThrow('stopped');
  });

  test('that bluetoothd has not heard of yet when it answers is confirmed, or closed again', async () => {
    const { bluez, clock, connect } = await heard();
    bluez.does.Connect = () => {};
    const late = connect(JBD);
    await eventually(() => expect(bluez.asked('GetAll')).toHaveLength(1));
    bluez.set(pathOf(JBD), DEVICE, { Connected: b(true) });
    const lost = lostWhy(await late);
    bluez.set(pathOf(JBD), DEVICE, { Connected: b(false) });
    await lost;
    bluez.does.Disconnect = () => {};
    const never = connect(JBD);
    never.catch(() => {});
    await eventually(() => expect(bluez.asked('GetAll')).toHaveLength(2));
    await bluez.settle();
    const turn = async () => {
      await clock.by(100);
      expect(bluez.asked('Disconnect')).not.toEqual([]);
    };
    await eventually(turn);
    await expect(never).rejects.toThrow('no answer within 2 s');
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

test.skipIf(!hasBus)(
  'a unit that is forgotten is removed from BlueZ, and is nobody until it is heard again',
  async () => {
    const { bluez, port, connect } = await heard();
    const lost = lostWhy(await connect(JBD));
    await port.forget?.(JBD);
    expect(await lost).toBe('BlueZ has removed it from its list');
    expect(bluez.calls.find(({ member }) => member === 'RemoveDevice')?.body).toEqual([pathOf(JBD)]);
    await expect(connect(JBD)).rejects.toThrow('it was not heard on the air yet');
    await port.forget?.(JBD);
  },
);
