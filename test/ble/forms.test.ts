import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type ListenOptions, listen } from '../../src/ble/listen.ts';
import type { EarReport } from '../../src/ble/orders.ts';
import type { BlePort } from '../../src/ble/port.ts';
import { recordedPort } from '../../src/ble/recorded.ts';
import { replayPort } from '../../src/ble/replay.ts';
import { simulatedPort } from '../../src/ble/simulated.ts';
import { type Capture, captureText, parseCapture } from '../../src/bytes/capture.ts';
import { type Crank, crank } from './crank.ts';

const battery = (id: string, n: number) => ({ id, bms: 'jbd', address: `A4:C1:38:00:00:0${n}` });
const [a, b] = [battery('a', 1), battery('b', 2)];

function heardFrom(port: BlePort, clock: Crank, more: Partial<Pick<ListenOptions, 'batteries'>> = {}) {
  const said: EarReport[] = [];
  const gaveUp: string[] = [];
  const listening = listen({
    radio: 'hci0',
    port,
    batteries: [a, b],
    pollMs: 2000,
    ...more,
    timers: clock,
    report: (report) => said.push(report),
    giveUp: (why) => gaveUp.push(why),
  });
  const samples = (id: string) => said.flatMap((r) => (r.type === 'sample' && r.battery === id ? [r] : []));
  return { listening, said, gaveUp, samples };
}

const bank = { strings: [['a', 'b']], packs: { a: { cells: 4 }, b: { cells: 4, socPct: 61 } } };

describe('a simulated bank', () => {
  test('is read through the real decoders', async () => {
    const clock = crank();
    const { samples } = heardFrom(simulatedPort([a, b], bank, clock), clock);
    await clock.to(10_000);
    expect(samples('a').length).toBeGreaterThan(3);
    expect(samples('a')[0]?.reading).toMatchObject({ name: 'a', socPct: 60, nominalCapacityAh: 100 });
    expect(samples('a')[0]?.reading.cellVoltagesV).toHaveLength(4);
    expect(samples('b')[0]?.reading.socPct).toBe(61);
  });

  test('lives: in the morning sun its packs in series carry one current, and fill', async () => {
    const clock = crank();
    const { samples } = heardFrom(simulatedPort([a, b], bank, clock), clock);
    await clock.to(30_000);
    const [first, last] = [samples('a').at(0)?.reading, samples('a').at(-1)?.reading];
    expect(last?.currentA).toBeGreaterThan(1);
    expect(Math.abs((samples('b').at(-1)?.reading.currentA ?? 0) - (last?.currentA ?? 0))).toBeLessThan(0.5);
    expect(last?.remainingCapacityAh).toBeGreaterThan(first?.remainingCapacityAh ?? 100);
  });

  test('keeps to the limits that its inverter was told', async () => {
    const clock = crank();
    const port = simulatedPort([a, b], bank, clock);
    const { samples } = heardFrom(port, clock);
    port.take({ type: 'limits', chargeA: 0, dischargeA: 0 });
    await clock.to(60_000);
    expect(samples('a').at(-1)?.reading.currentA).toBeCloseTo(0);
  });

  test('loses a pack and gets it back', async () => {
    const clock = crank();
    const port = simulatedPort([a, b], bank, clock);
    const { samples } = heardFrom(port, clock);
    await clock.to(10_000);
    port.take({ type: 'fault', battery: 'b', fault: 'hide' });
    await clock.to(30_000);
    const before = samples('b').length;
    expect(samples('b').at(-1)?.atMs).toBeLessThan(10_000);
    port.take({ type: 'fault', battery: 'b', fault: 'show' });
    await clock.to(60_000);
    expect(samples('b').length).toBeGreaterThan(before);
    expect(samples('a').length).toBeGreaterThan(27);
  });

  test('wants every battery in a string', () => {
    expect(() => simulatedPort([a, b], { strings: [['a']] }, crank())).toThrow('battery b is in no string');
  });
});

describe('a recording of a simulated bank', () => {
  async function recorded(forMs: number): Promise<Capture> {
    const clock = crank();
    const entries: Capture['entries'][number][] = [];
    const port = recordedPort(simulatedPort([a, b], bank, clock), (entry) =>
      entries.push({ ...entry, seconds: clock.now() / 1000, unit: 'a' }),
    );
    const { listening } = heardFrom(port, clock, { batteries: [a] });
    await clock.to(forMs);
    await listening.stop();
    const capture = parseCapture(captureText({ headers: { bms: 'jbd' }, entries }));
    if ('message' in capture) throw new Error(capture.message);
    return capture;
  }

  test('replays to the same readings in the same timing, then falls silent', async () => {
    const capture = await recorded(20_000);
    const clock = crank();
    const { samples, said } = heardFrom(replayPort({ capture, batteries: [a], timers: clock }), clock, {
      batteries: [a],
    });
    await clock.to(60_000);
    const stamps = samples('a').map((s) => s.atMs);
    expect(stamps.length).toBeGreaterThanOrEqual(9);
    expect(new Set(stamps.slice(1).map((t, i) => t - (stamps[i] ?? 0)))).toEqual(new Set([2000]));
    expect(stamps.at(-1)).toBeLessThan(21_000);
    expect(said.at(-1)).not.toMatchObject({ type: 'sample' });
  });

  test('goes on for ever when it is looped', async () => {
    const capture = await recorded(10_000);
    const clock = crank();
    const port = replayPort({ capture, batteries: [a], timers: clock, isLooped: true });
    const { samples } = heardFrom(port, clock, { batteries: [a] });
    await clock.to(60_000);
    expect(samples('a').at(-1)?.atMs).toBeGreaterThan(57_000);
  });

  test('is heard although an app asked for a hundred settings before and between', async () => {
    const { headers, entries } = await recorded(10_000);
    const setting = {
      from: 'us',
      unit: 'a',
      bytes: Uint8Array.of(0xdd, 0xa5, 0x10, 0, 0xff, 0xf0, 0x77),
    } as const;
    const capture = {
      headers,
      entries: entries.flatMap((entry) => [...Array(entry.from === 'us' ? 100 : 0).fill(setting), entry]),
    };
    const clock = crank();
    const { samples } = heardFrom(replayPort({ capture, batteries: [a], timers: clock }), clock, {
      batteries: [a],
    });
    await clock.to(10_000);
    expect(samples('a').length).toBeGreaterThan(3);
  });

  test('belongs to the battery of its address when it names no unit, and to that one alone', async () => {
    const { entries } = await recorded(10_000);
    const capture = {
      headers: { address: 'a4c138000002' },
      entries: entries.map(({ unit: _, ...entry }) => entry),
    };
    const clock = crank();
    const { samples } = heardFrom(replayPort({ capture, batteries: [a, b], timers: clock }), clock);
    await clock.to(10_000);
    expect(samples('b').length).toBeGreaterThan(3);
    expect(samples('a')).toEqual([]);
  });

  test('is each unit by itself: another battery of that capture hears nothing', async () => {
    const capture = await recorded(10_000);
    const clock = crank();
    const { samples } = heardFrom(replayPort({ capture, batteries: [a, b], timers: clock }), clock);
    await clock.to(10_000);
    expect(samples('a').length).toBeGreaterThan(3);
    expect(samples('b')).toEqual([]);
  });
});

describe('an adapter that comes and goes', () => {
  const broken = (openings: string[], clock: Crank): BlePort => ({
    ...simulatedPort([a, b], bank, clock),
    open: async () => {
      openings.push(String(clock.now()));
      throw new Error('hci0: there is no such adapter; plug one in');
    },
  });

  test('is asked for again every 5 s, and missed in one sentence, once', async () => {
    const clock = crank();
    const openings: string[] = [];
    const { said, gaveUp } = heardFrom(broken(openings, clock), clock);
    await clock.to(21_000);
    expect(openings).toEqual(['0', '5000', '10000', '15000', '20000']);
    expect(said).toEqual([
      {
        type: 'adapter',
        radio: 'hci0',
        state: 'missing',
        why: 'hci0: there is no such adapter; plug one in',
      },
    ]);
    expect(gaveUp).toEqual([]);
  });

  test('that is off for 30 s asks for a new stack; one that comes back does not', async () => {
    const clock = crank();
    let tell: Parameters<BlePort['onAdapter']>[0] = () => {};
    const port: BlePort = {
      ...simulatedPort([a, b], bank, clock),
      open: async () => {},
      onAdapter: (hear) => {
        tell = hear;
      },
    };
    const { gaveUp } = heardFrom(port, clock);
    await clock.to(1000);
    tell({ state: 'off', why: 'hci0: the adapter is off' });
    await clock.to(20_000);
    tell({ state: 'ready' });
    await clock.to(60_000);
    expect(gaveUp).toEqual([]);
    tell({ state: 'off' });
    await clock.to(90_001);
    expect(gaveUp).toEqual(['the adapter was away for 30 s']);
  });

  test('that says it is off when it is let go is not missed', async () => {
    const clock = crank();
    let tell: Parameters<BlePort['onAdapter']>[0] = () => {};
    const simulated = simulatedPort([a, b], bank, clock);
    const port: BlePort = {
      ...simulated,
      onAdapter: (hear) => {
        tell = hear;
        simulated.onAdapter(hear);
      },
      close: async () => tell({ state: 'off' }),
    };
    const { listening, said, gaveUp } = heardFrom(port, clock);
    await clock.to(1000);
    await listening.stop();
    await clock.to(60_000);
    expect(said.filter((r) => r.type === 'adapter' && r.state === 'off')).toEqual([]);
    expect(gaveUp).toEqual([]);
  });

  test('an unknown driver is refused before anything is opened', () => {
    const clock = crank();
    const port = simulatedPort([a, b], bank, clock);
    expect(() => heardFrom(port, clock, { batteries: [a, { ...b, bms: 'xyz' }] })).toThrow(
      'there is no driver "xyz"',
    );
  });
});

test('the room needs no clock of the machine', () => {
  const names = [
    'session',
    'linked',
    'rounds',
    'talk',
    'turns',
    'listen',
    'simulated',
    'replay',
    'unit-port',
  ];
  for (const name of names)
    expect(readFileSync(new URL(`../../src/ble/${name}.ts`, import.meta.url), 'utf8')).not.toMatch(
      /setTimeout|setInterval|Date\.now|monotonicMs\(/,
    );
});
