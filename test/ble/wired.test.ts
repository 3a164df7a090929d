import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BlePort, WIRED_GATT } from '../../src/ble/port.ts';
import { wiredPort } from '../../src/ble/wired.ts';
import { daly } from '../../src/bms/daly.ts';
import type { BmsDriver } from '../../src/bms/driver.ts';
import { jbd } from '../../src/bms/jbd.ts';
import { jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { jk } from '../../src/bms/jk.ts';
import { openSerial, type SerialLine } from '../../src/modbus/serial.ts';
import type { Timers } from '../../src/model/timers.ts';
import { realTimers } from '../../src/timers.ts';
import { a5Battery, a5Unit, d2Registers, modbusUnit, p81Registers } from '../bms/daly-unit.ts';
import { pbUnit } from '../bms/jk-unit.ts';
import { named, noSocat, type PtyPair, ptyPair } from '../modbus/wires.ts';
import { crank } from './crank.ts';
import { pack } from './room.ts';
import { LIMIT_MS, type Listener, listenTo, reportsOf, sampleOf } from './sessions.ts';

const BAUD = 9600;
const [GARAGE, CELLAR] = ['F0:00:00:00:00:01', 'F0:00:00:00:00:02'];

type Unit = (request: Uint8Array) => Uint8Array | undefined;

const jbdUnit: Unit = (request) => jbdAnswer(pack, request);

/** A unit at the far end of the wire. */
async function unitAt(path: string, isEchoing = false, unit = jbdUnit): Promise<SerialLine> {
  const line = await openSerial({ path, baud: BAUD });
  line.listen({
    onBytes: (request) => {
      const answer = unit(request) ?? new Uint8Array();
      line.send(isEchoing ? Buffer.concat([request, answer]) : answer, () => {});
    },
    onGone: () => {},
  });
  return line;
}

describe.skipIf(noSocat !== undefined)(
  named('a wired battery', noSocat),
  { timeout: LIMIT_MS + 10_000 },
  () => {
    let wire: PtyPair;
    const ending: (() => unknown)[] = [];

    beforeEach(async () => {
      wire = await ptyPair();
    });
    afterEach(async () => {
      for (const end of ending.splice(0).reverse()) await end();
      await wire.remove();
    });

    const unit = async (isEchoing = false, does = jbdUnit) => {
      const line = await unitAt(wire.slave, isEchoing, does);
      ending.push(() => line.close());
      return line;
    };
    const port = (timers: Timers = realTimers): BlePort => {
      const units = [{ address: GARAGE, name: 'garage' }, { address: CELLAR }];
      const to = wiredPort({ path: wire.master, baud: BAUD, units, timers });
      ending.push(() => to.close());
      return to;
    };
    const reading = async (to: BlePort, driver = jbd): Promise<Listener> => {
      const listener = await listenTo(to, { addresses: [GARAGE], gatt: WIRED_GATT, driver });
      ending.push(listener.stop);
      return listener;
    };
    const connect = (to: BlePort, address: string) =>
      to.connect(address, { timeoutMs: 1000, signal: new AbortController().signal });

    test('is read by the session that reads those on the air', async () => {
      await unit();
      const listener = await reading(port());
      expect(await listener.until(sampleOf(1))).toMatchObject({ reading: pack });
      const states = listener.said.flatMap((r) => (r.type === 'link' ? [r.state] : []));
      expect(states).toEqual(['found', 'connecting', 'connected']);
    });

    test('is read through an adapter that hears itself', async () => {
      await unit(true);
      const listener = await reading(port());
      expect(await listener.until(sampleOf(1))).toMatchObject({ reading: pack });
    });

    const others: readonly [string, BmsDriver, Unit, number][] = [
      ['a JK of the PB series', jk, pbUnit(1, () => ({ currentMA: -5000 })), -5],
      ['a Daly in D2', daly, modbusUnit(0xd2, 0xd2, d2Registers), -12.5],
      ['a Daly in P81', daly, modbusUnit(0x81, 0x51, p81Registers), 25],
      ['an older Daly on its UART', daly, a5Unit(a5Battery), -12.5],
      ['an older Daly on its RS485', daly, a5Unit(a5Battery, 0x40), -12.5],
    ];

    test.each(others)('may be %s, unplugged and back', async (_, driver, does, amperes) => {
      await unit(false, does);
      const listener = await reading(port(), driver);
      expect(await listener.until(sampleOf(1))).toMatchObject({ reading: { currentA: amperes } });
      await wire.unplug();
      await listener.until((r) => r.type === 'link' && r.state === 'lost');
      await wire.plug();
      await unit(false, does);
      await listener.until(sampleOf(1, realTimers.now()));
    });

    test.each(others)('may be %s, through an adapter that hears itself', async (_, driver, does, amperes) => {
      await unit(true, does);
      const listener = await reading(port(), driver);
      expect(await listener.until(sampleOf(1))).toMatchObject({ reading: { currentA: amperes } });
    });

    test('is lost when its adapter is unplugged, and read again when it is back', async () => {
      await unit();
      const listener = await reading(port());
      await listener.until(sampleOf(1));
      await wire.unplug();
      const missing = await listener.adapter.until(({ state }) => state === 'missing');
      expect(missing.why).toMatch(
        /master: (the adapter was unplugged; plug it in again|there is no such serial port)/,
      );
      const lost = await listener.until((r) => r.type === 'link' && r.state === 'lost');
      expect(lost).toMatchObject({ why: missing.why });
      await wire.plug();
      await unit();
      await listener.until(sampleOf(1, realTimers.now()));
    });

    test('whose adapter is missing says so in one sentence with its remedy', async () => {
      const to = wiredPort({ path: '/dev/serial/by-id/none', baud: BAUD, units: [], timers: crank() });
      await expect(to.open()).rejects.toThrow(
        '/dev/serial/by-id/none: there is no such serial port; plug the adapter in, or look for its name',
      );
    });

    test('is looked for again after 1, 2, 4 s, and each trouble is said once', async () => {
      const clock = crank();
      const to = port(clock);
      const reports = reportsOf(to);
      await to.open();
      await wire.unplug();
      await reports.until(({ state }) => state === 'missing');
      await clock.by(1000);
      await reports.until(({ why }) => why?.includes('no such serial port') === true);
      await clock.by(1999);
      await wire.plug();
      await clock.by(1);
      await reports.until(({ state }) => state === 'ready', 1);
      expect(reports.said.map(({ state }) => state)).toEqual(['ready', 'missing', 'missing', 'ready']);
    });

    test('shares its line with another one: each link hears all bytes', async () => {
      const far = await unit();
      const to = port();
      await to.open();
      const links = await Promise.all([connect(to, GARAGE), connect(to, CELLAR)]);
      const heard = ['', ''];
      const [first, second] = links;
      const complete = new Promise<void>((resolve) => {
        links.forEach(async (link, i) => {
          const [wireIn] = await link.discover();
          if (!wireIn) throw new Error('a wired link has one characteristic');
          await link.subscribe(wireIn, (bytes) => {
            heard[i] += Buffer.from(bytes).toString('latin1');
            if (heard.every((text) => text === 'hello')) resolve();
          });
        });
      });
      await new Promise<void>((resolve) => far.send(Buffer.from('hello'), resolve));
      await complete;
      await first?.disconnect();
      expect(await second?.discover()).toHaveLength(1);
      await expect(first?.discover()).rejects.toThrow('we closed the link');
    });

    test('writes one after the other', async () => {
      const far = await openSerial({ path: wire.slave, baud: BAUD });
      ending.push(() => far.close());
      let text = '';
      const complete = new Promise<void>((resolve) =>
        far.listen({
          onBytes: (bytes) => {
            text += Buffer.from(bytes).toString('latin1');
            if (text.length === 4 * 500) resolve();
          },
          onGone: () => {},
        }),
      );
      const to = port();
      await to.open();
      const [a, b] = [await connect(to, GARAGE), await connect(to, CELLAR)];
      const [wireIn] = await a.discover();
      if (!wireIn) throw new Error('a wired link has one characteristic');
      const long = (letter: string) => Buffer.from(letter.repeat(500));
      await Promise.all([
        a.write(wireIn, long('a')),
        b.write(wireIn, long('b')),
        a.write(wireIn, long('c')),
        b.write(wireIn, long('d')),
      ]);
      await complete;
      expect(text).toBe(['a', 'b', 'c', 'd'].map((letter) => letter.repeat(500)).join(''));
    });

    test('only has the units that were named', async () => {
      const to = port();
      await to.open();
      await expect(connect(to, 'F0:00:00:00:00:09')).rejects.toThrow('connect failed: no unit of');
    });
  },
);
