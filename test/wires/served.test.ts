import { setImmediate as allAnswered } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { memoryBus } from '../../src/can/memory-bus.ts';
import type { Found } from '../../src/config/configuration.ts';
import { parseGateway } from '../../src/config/gateway-file.ts';
import type { InverterPlan } from '../../src/config/inverters.ts';
import { connectMaster } from '../../src/modbus/master.ts';
import type { BankState } from '../../src/model/bank-state.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import { type Served, serve } from '../../src/wires/served.ts';
import { bankOf, once, pack, reading } from '../bank/room.ts';
import { crankedClock } from '../can/clock.ts';
import { planHere } from '../config/planned.ts';
import { eventually } from '../eventually.ts';
import { freePort } from '../house/site.ts';
import { named, noSocat, ptyPair } from '../modbus/wires.ts';
import { readLedger } from './lines.ts';

const bank = `
batteries:
  - { id: a, bms: jbd, address: "A4:C1:38:00:00:01", cells: 16 }
bank:
  strings: [[a]]
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
`;
const planned = (...lines: string[]) =>
  planHere(parseGateway('g.yaml', bank + lines.map((line) => `  - { ${line} }`).join('\n'))).plans;

const fresh = once(bankOf([[pack('a')]]), { a: reading() });
const nothing: Found = { plans: [], remarks: [] };
let served: Served | undefined;
afterEach(() => served?.stop());

/** Wires on a hand-cranked clock with a bank that stays fresh, and buses in memory whose frames are kept by name. */
function serving(
  plans: readonly InverterPlan[],
  missing: () => Promise<Found> = async () => nothing,
  state: () => BankState = () => fresh,
) {
  const time = crankedClock();
  const { ledger, log } = readLedger();
  const opened: string[] = [];
  const frames: { bus: string; frame: CanFrame }[] = [];
  served = serve(plans, missing, {
    clock: time.clock,
    after: time.after,
    state: () => ({ ...state(), validUntilMs: time.clock() + 3000 }),
    ledger,
    canLine(name) {
      opened.push(name);
      const line = memoryBus(name);
      line.open({ onFrame: (frame) => void frames.push({ bus: name, frame }), onFault() {} });
      return line;
    },
  });
  /** As `until`, and what is asked is answered before the next half second. */
  async function lives(untilMs: number): Promise<void> {
    for (let ms = time.clock(); ms < untilMs; await allAnswered()) {
      ms = Math.min(ms + 500, untilMs);
      time.until(ms);
    }
  }
  return { ...time, lives, served, log, opened, frames, said: () => log.map(({ text }) => text) };
}

describe('a profile that is found later', () => {
  const [first] = planned('id: one, profile: pylontech-lv, can: can0');
  const [second] = planned('id: two, profile: pylontech-lv, can: can1');
  if (!first || !second) throw new Error('both are planned');

  test('is asked for every ten seconds, served, and told; the other bus does not notice', async () => {
    let asked = 0;
    const s = serving([first], async () => (++asked === 2 ? { plans: [second], remarks: [] } : nothing));
    await s.lives(19_000);
    expect(s.frames.filter(({ bus }) => bus === 'can1')).toEqual([]);
    await s.lives(25_500);
    expect(s.opened).toEqual(['can0', 'can1']);
    expect(s.said()).toContain('inverter is served');
    const perBus = (bus: string) => s.frames.filter((f) => f.bus === bus && f.frame.id === 0x351).length;
    expect([perBus('can0'), perBus('can1')]).toEqual([26, 6]);
  });

  test('on a wire that is in use opens that wire anew, with both, and the old beat is over', async () => {
    const other = { ...second, id: 'third', wire: first.wire };
    const s = serving([first], async () =>
      s.clock() === 10_000 ? { plans: [other], remarks: [] } : nothing,
    );
    await s.lives(12_500);
    expect(s.opened).toEqual(['can0', 'can0']);
    const limits = () => s.frames.filter(({ frame }) => frame.id === 0x351).length;
    const before = limits();
    s.until(20_500);
    expect(limits() - before).toBe(2 * 8);
  });

  test('but not right is told as an error, and the rest goes on', async () => {
    const s = serving([first], async () => ({ plans: [], remarks: ['inverter `two` is not served: …'] }));
    await s.lives(10_500);
    expect(s.log.find(({ level }) => level === 'error')?.text).toBe('inverter `two` is not served: …');
    expect(s.served.attended(s.clock())).toBe(true);
  });

  test('takes its time to be read, and no beat waits for it; nothing is asked twice meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<Found>();
    let asked = 0;
    const s = serving([first], () => {
      asked++;
      return promise;
    });
    await s.lives(45_500);
    expect(asked).toBe(1);
    expect(s.frames.filter(({ frame }) => frame.id === 0x351)).toHaveLength(46);
    resolve({ plans: [second], remarks: [] });
    await s.lives(46_500);
    expect(s.opened).toEqual(['can0', 'can1']);
  });

  test('after the gateway has stopped opens no wire', async () => {
    const { promise, resolve } = Promise.withResolvers<Found>();
    const s = serving([first], () => promise);
    await s.lives(10_500);
    s.served.stop();
    resolve({ plans: [second], remarks: [] });
    await s.lives(30_000);
    expect(s.opened).toEqual(['can0']);
  });
});

describe('what the profile requires and the bank does not have', () => {
  test('is told once, and once more when it is lacking again', () => {
    const { temperatureC: _, ...withoutTemperature } = fresh.signals;
    const lacking = { ...fresh, signals: withoutTemperature };
    const [plan] = planned('id: one, profile: pylontech-lv, can: can0');
    if (!plan) throw new Error('it is planned');
    let state: BankState = lacking;
    const s = serving([plan], undefined, () => state);
    const told = () => s.log.filter(({ fields }) => fields.missing === 'temperature_C').length;
    s.until(5000);
    expect([s.frames.length, told()]).toEqual([0, 1]);
    state = fresh;
    s.until(10_000);
    expect(s.frames.length).toBeGreaterThan(0);
    state = lacking;
    s.until(15_000);
    expect(told()).toBe(2);
  });
});

describe('a wire that cannot be opened', () => {
  test('holds up no other, and counts as attended', async () => {
    const port = await freePort();
    const [ems, house] = planned(
      `id: ems, profile: generic-modbus, tcp: "127.0.0.1:${port}"`,
      'id: house, profile: pylontech-lv, can: can0',
    );
    if (!ems || !house) throw new Error('both are planned');
    const first = serving([ems]);
    await eventually(() => expect(first.said()).toContain('Modbus open'));
    const firstServed = served;
    const second = serving([ems, house]);
    await eventually(() => expect(second.said()).toContain('Modbus unavailable'));
    second.until(3500);
    expect(second.frames.length).toBeGreaterThan(0);
    expect(second.served.attended(second.clock())).toBe(true);
    firstServed?.stop();
  });
});

describe('an inverter that speaks to us', () => {
  test('on Modbus is heard, and silent when it stops; what it measures goes to the bank', async () => {
    const port = await freePort();
    const [ems] = planned(`id: ems, profile: generic-modbus, tcp: "127.0.0.1:${port}"`);
    if (!ems) throw new Error('it is planned');
    const s = serving([ems]);
    await eventually(() => expect(s.said()).toContain('Modbus open'));
    const master = await connectMaster({ bus: { host: '127.0.0.1', port }, unit: 1, timeoutMs: 20_000 });
    try {
      expect((await master.read('holding', 0x0100, 2))[1]).toBe(528);
      expect(s.said()).toContain('inverter heard');
      await master.write(0x0185, [50]);
      expect(s.served.surroundings(0).outsideCurrentA).toEqual({ value: 5, atMs: 0 });
    } finally {
      await master.close();
    }
    s.until(120_000);
    s.served.judge(s.clock());
    expect(s.said().filter((text) => text === 'inverter silent')).toHaveLength(1);
    expect(s.served.surroundings(s.clock()).faults).toEqual([]);
  });
});

// No reply delay: its quiet would be measured on the clock that nobody cranks here.
describe.skipIf(noSocat)(named('two profiles on one serial line', noSocat), () => {
  test('are two batteries with units of their own: each is read, and each inverter is heard', async () => {
    const pty = await ptyPair();
    const s = serving(
      planned(
        `id: house, profile: growatt-rs485, serial: ${pty.slave}, unit: 1, reply_delay: 0`,
        `id: ems, profile: generic-modbus, serial: ${pty.slave}, unit: 7, reply_delay: 0`,
      ),
    );
    try {
      await eventually(() => expect(s.said()).toContain('Modbus open'));
      const bus = { path: pty.master, baud: 9600 };
      for (const [unit, soc, voltage] of [
        [1, 0x0015, 5280],
        [7, 0x0100, 528],
      ] as const) {
        const master = await connectMaster({ bus, unit, timeoutMs: 20_000 });
        expect((await master.read('holding', soc, 2))[1]).toBe(voltage);
        await master.close();
      }
      expect(s.said().filter((text) => text === 'Modbus open')).toHaveLength(1);
      const heard = s.log.filter(({ text }) => text === 'inverter heard');
      expect(heard.map(({ fields }) => fields.inverter)).toEqual(['house', 'ems']);
    } finally {
      s.served.stop();
      await pty.remove();
    }
  });
});

describe('an inverter that writes more current than it is told', () => {
  test('is an event that lasts until it keeps to its limit, and no limit changes for it', async () => {
    const port = await freePort();
    const [ems] = planned(`id: ems, profile: generic-modbus, tcp: "127.0.0.1:${port}"`);
    if (!ems) throw new Error('it is planned');
    const s = serving([ems]);
    await eventually(() => expect(s.said()).toContain('Modbus open'));
    const master = await connectMaster({ bus: { host: '127.0.0.1', port }, unit: 1, timeoutMs: 20_000 });
    /** Second by second, with this current in tenths of an ampere. */
    async function writes(tenths: number, seconds: number): Promise<void> {
      for (let i = 0; i < seconds; i++) {
        await master.write(0x0185, [tenths]);
        s.until(s.clock() + 1000);
        s.served.judge(s.clock());
      }
    }
    const line = 'inverter goes beyond the limit that it is told';
    try {
      await writes(3000, 9);
      expect(s.said()).not.toContain(line);
      await writes(3000, 3);
      expect(s.log.filter(({ text }) => text === line)).toMatchObject([
        { level: 'warn', fields: { inverter: 'ems', limitA: fresh.signals.chargeCurrentLimitA } },
      ]);
      expect(s.served.health(s.clock())[0]?.inverters[0]).toMatchObject({ sensedA: { value: 300 } });
      await writes(0, 1);
      expect(s.said().at(-1)).toBe('inverter keeps to its limit again');
    } finally {
      await master.close();
    }
  });
});

describe('the wires as numbers', () => {
  const [plan] = planned('id: house, profile: pylontech-lv, can: can0');
  if (!plan) throw new Error('it is planned');

  test('a CAN bus tells what it sent and how its beats kept their deadlines, also under a new plan of its wire', () => {
    const s = serving([plan]);
    s.until(9500);
    const [bus] = s.served.health(s.clock());
    expect(bus).toMatchObject({
      name: 'can0',
      kind: 'can',
      state: 'open',
      counts: { sent: s.frames.length, refused: 0, opened: 1 },
      inverters: [{ id: 'house', voice: 'never', heard: 0 }],
    });
    const lateness = bus?.inverters[0]?.beatLateness;
    // A beat at the start and one each second; none is late on a clock that is cranked by hand.
    expect([lateness?.counts[0], lateness?.maxMs]).toEqual([10, 0]);
  });

  test('a Modbus wire whose port is in use says so, and after a poll tells it', async () => {
    const port = await freePort();
    const [ems] = planned(`id: ems, profile: generic-modbus, tcp: "127.0.0.1:${port}"`);
    if (!ems) throw new Error('it is planned');
    const first = serving([ems]);
    await eventually(() => expect(first.said()).toContain('Modbus open'));
    const firstServed = served;
    const second = serving([ems]);
    await eventually(() => expect(second.said()).toContain('Modbus unavailable'));
    expect(second.served.health(0)).toMatchObject([{ kind: 'tcp', state: 'unavailable', masters: 0 }]);
    const master = await connectMaster({ bus: { host: '127.0.0.1', port }, unit: 1, timeoutMs: 20_000 });
    await master.read('holding', 0x0100, 2);
    expect(first.served.health(first.clock())).toMatchObject([
      {
        state: 'open',
        masters: 1,
        counts: { requests: 1, answers: 1 },
        asked: [{ unit: 1, code: 3, first: 0x100, quantity: 2, count: 1, refused: 0 }],
        inverters: [{ id: 'ems', voice: 'heard', heard: 1, heardAtMs: first.clock() }],
      },
    ]);
    await master.close();
    firstServed?.stop();
  });
});
