import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { toHex } from '../../src/bytes/hex.ts';
import { memoryBus } from '../../src/can/memory-bus.ts';
import { parseGateway } from '../../src/config/gateway-file.ts';
import { connectMaster, type Master } from '../../src/modbus/master.ts';
import type { BankState } from '../../src/model/bank-state.ts';
import type { CanFrame } from '../../src/model/can-frame.ts';
import { differenceText } from '../../src/wires/difference.ts';
import { type Served, serve } from '../../src/wires/served.ts';
import { bankOf, once, pack, reading } from '../bank/room.ts';
import { crankedClock } from '../can/clock.ts';
import { planHere } from '../config/planned.ts';
import { eventually } from '../eventually.ts';
import { freePort } from '../house/site.ts';
import { profileText, taken } from '../profile/profiles.ts';
import { readLedger } from './lines.ts';

const bank = `
batteries:
  - { id: a, bms: jbd, address: "A4:C1:38:00:00:01", cells: 16 }
bank:
  strings: [[a]]
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
`;
const whole = once(bankOf([[pack('a')]]), { a: reading() });
const { sohPct: _, ...signals } = whole.signals;
/** It does not know its health. */
const fresh: BankState = { ...whole, signals };
const small = `
id: small
version: '1.0.0'
title: a small family
inverters: [{ brand: none, models: none }]
evidence: vendor
lacks: [charge_voltage_limit_V, charge_current_limit_A, discharge_current_limit_A, soc_told_pct, current_A]
can:
  bitrate: 500000
  every: 1s
  frames:
    - { id: 0x351, length: 2, signals: [{ at: 0, as: u16le, scale: 0.01, from: voltage_V, required: true }] }
    - { id: 0x355, length: 1, signals: [{ at: 0, as: u8, from: soh_pct, unknown: 100 }] }
    - { id: 0x35E, length: 1, constants: [{ at: 0, bytes: 'AA' }] }
  receives: [{ id: 0x305 }]
lost: hold
examples: [{ given: {}, then: {} }]
`;
const folder = mkdtempSync(join(tmpdir(), 'swap-'));
writeFileSync(join(folder, 'small.yaml'), small);
afterAll(() => rmSync(folder, { recursive: true }));

const house = `id: house, profile: ${folder}/small.yaml, can: can0`;

const generic = profileText('generic-modbus');

interface Sent {
  readonly atMs: number;
  readonly frame: CanFrame;
}

const open: { served?: Served; master?: Master }[] = [];
afterEach(async () => {
  for (const { served, master } of open.splice(0)) {
    await master?.close();
    served?.stop();
  }
});

/** A served house on a clock that is cranked by hand, once a second judged, with buses in memory. */
function serving(lines: readonly string[], state: () => BankState = () => fresh) {
  const time = crankedClock();
  const { plans, swaps } = planHere(
    parseGateway('g.yaml', bank + lines.map((line) => `  - { ${line} }`).join('\n')),
  );
  const { ledger, log } = readLedger();
  const opened: string[] = [];
  const sent: Sent[] = [];
  const stood: string[] = [];
  let say: (id: number, data: number[]) => void = () => {};
  const served = serve(plans, async () => ({ plans: [], remarks: [] }), {
    clock: time.clock,
    after: time.after,
    state: () => ({ ...state(), validUntilMs: time.clock() + 3000, sampleAtMs: time.clock() }),
    ledger,
    swaps,
    stood: (inverter, textHash) => void stood.push(`${inverter} ${textHash}`),
    canLine(name) {
      opened.push(name);
      const line = memoryBus(name);
      const inverter = line.open({
        onFrame: (frame) => void sent.push({ atMs: time.clock(), frame }),
        onFault() {},
      });
      say = (id, data) => void inverter.send({ id, extended: false, data: Uint8Array.from(data) });
      return line;
    },
  });
  open.push({ served });
  const judge = () => {
    served.judge(time.clock());
    time.after(1000, judge);
  };
  time.after(1000, judge);
  return {
    ...time,
    served,
    log,
    opened,
    sent,
    stood,
    inverterSays: (id: number, data: number[] = []) => say(id, data),
    /** An offer of this text, or of the small profile with a change in it. */
    offer: (textHash: string, text: string | ((text: string) => string), inverter = 'house') =>
      served.hearProfile({
        type: 'offer',
        inverter,
        profile: taken(typeof text === 'string' ? text : text(small)),
        textHash,
      }),
    refuse: (why: string, inverter = 'house') => served.hearProfile({ type: 'refusal', inverter, why }),
    told: (text: string) => log.filter((change) => change.text === text).map(({ fields }) => fields),
    framesOf: (id: number, fromMs = 0) => sent.filter(({ atMs, frame }) => frame.id === id && atMs >= fromMs),
  };
}

const changed = (text: string, from: string, to: string): string => {
  expect(text).toContain(from);
  return text.replace(from, to);
};
const newMark = (text: string) => changed(text, "bytes: 'AA'", "bytes: 'BB'");
const otherTitle = (text: string) => changed(text, 'title: a small family', 'title: the small family');
const every = (period: string) => (text: string) => changed(text, 'every: 1s', `every: ${period}`);
/** Wants what the bank does not have. */
const needy = (text: string) => changed(text, 'from: soh_pct, unknown: 100', 'from: soh_pct, required: true');
const marks = (sent: readonly Sent[]) => sent.map(({ frame }) => toHex(frame.data).toUpperCase());

describe('a profile that was written anew', () => {
  test('is on the bus from the next beat on, and no beat is late, lost or doubled for it', () => {
    const s = serving([house]);
    s.until(5200);
    s.offer('new', newMark);
    s.until(9900);
    const beats = s.framesOf(0x351).map(({ atMs }) => atMs);
    expect(beats).toEqual([0, 1000, 2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000]);
    expect(marks(s.framesOf(0x35e, 5500))).toEqual(['BB', 'BB', 'BB', 'BB']);
    expect(marks(s.framesOf(0x35e)).slice(0, 6)).toEqual(Array(6).fill('AA'));
    expect(s.opened).toEqual(['can0']);
  });

  test('is told once, with the difference in bytes on what the bank has now', () => {
    const s = serving([house]);
    s.until(5200);
    const before = s.log.length;
    s.offer('new', (text) => changed(newMark(text), '1.0.0', '1.1.0'));
    s.until(70_000);
    expect(s.log.slice(before)).toEqual([
      {
        level: 'notice',
        text: 'profile is taken',
        fields: {
          inverter: 'house',
          profile: 'small',
          version: '1.0.0 → 1.1.0',
          changes: '0x35E AA → BB',
        },
      },
    ]);
  });

  test('that says nothing else is told so, and the same text again is nothing new', () => {
    const s = serving([house]);
    s.until(5200);
    s.offer('new', otherTitle);
    s.offer('new', otherTitle);
    s.until(20_000);
    s.offer('new', otherTitle);
    s.until(30_000);
    expect(s.told('profile is taken')).toEqual([expect.objectContaining({ changes: '-' })]);
  });

  test('waits until the frames of a beat are out', () => {
    const s = serving([house]);
    s.until(4000);
    s.offer('new', newMark);
    expect(s.told('profile is taken')).toEqual([]);
    s.until(4900);
    expect(s.told('profile is taken')).toHaveLength(1);
    expect(marks(s.framesOf(0x35e, 4000))).toEqual(['AA']);
    s.until(5500);
    expect(marks(s.framesOf(0x35e, 5000))).toEqual(['BB']);
  });

  test('with another period has its first beat no later than the old one had', () => {
    const s = serving([house]);
    s.until(5600);
    s.offer('new', every('500ms'));
    s.until(7600);
    expect(s.framesOf(0x351, 5100).map(({ atMs }) => atMs)).toEqual([5600, 6100, 6600, 7100, 7600]);
    s.offer('newer', every('2s'));
    s.until(12_700);
    expect(s.framesOf(0x351, 8000).map(({ atMs }) => atMs)).toEqual([8100, 10_100, 12_100]);
  });

  test('of an inverter that is not served, or of a gateway that exchanges none, changes nothing', () => {
    const s = serving([house]);
    s.offer('new', newMark, 'nobody');
    s.refuse('whatever', 'nobody');
    s.until(5000);
    expect(s.log.filter(({ fields }) => fields.inverter === 'nobody')).toEqual([]);
  });

  test('has stood after a minute in which the bank could be told, and not sooner', () => {
    let state: BankState = { ...fresh, freshness: 'never', signals: {} };
    const s = serving([house], () => state);
    s.until(5200);
    s.offer('new', newMark);
    s.until(200_000);
    expect(s.stood).toEqual([]);
    expect(s.told('profile is taken')).toEqual([
      expect.objectContaining({ changes: 'not known, the bank cannot be told yet' }),
    ]);
    state = fresh;
    s.until(202_000);
    expect(s.stood).toEqual(['house new']);
    const other = serving([house]);
    other.until(5200);
    other.offer('new', newMark);
    other.until(64_500);
    expect(other.stood).toEqual([]);
    other.until(67_000);
    expect(other.stood).toEqual(['house new']);
    other.until(300_000);
    expect(other.stood).toHaveLength(1);
  });
});

describe('a profile that may not come on the wire', () => {
  const refusal = 'profile is refused, the one in force goes on';

  test('because it was found wrong is told once, and the one in force goes on', () => {
    const s = serving([house]);
    s.until(5200);
    s.refuse('own.yaml:3:1: unknown key `x`');
    s.refuse('own.yaml:3:1: unknown key `x`');
    s.until(8500);
    expect(s.told(refusal)).toEqual([
      { inverter: 'house', profile: 'small', why: 'own.yaml:3:1: unknown key `x`' },
    ]);
    expect(marks(s.framesOf(0x35e, 5500))).toEqual(['AA', 'AA', 'AA']);
    s.offer('new', newMark);
    s.until(9500);
    s.refuse('own.yaml:3:1: unknown key `x`');
    expect(s.told(refusal)).toHaveLength(2);
  });

  test('because it requires what the bank does not have', () => {
    const s = serving([house]);
    s.until(5200);
    s.offer('new', needy);
    s.until(8500);
    expect(s.told(refusal)).toEqual([
      expect.objectContaining({ why: expect.stringMatching(/^it requires soh_pct, which the bank/) }),
    ]);
    expect(s.framesOf(0x351).length).toBe(9);
  });

  test('because another inverter of the bus sends such a frame', () => {
    const own = 'id: own, profile: generic-modbus, tcp: "127.0.0.1:1"';
    const s = serving([house, own]);
    s.until(200);
    s.offer('new', newMark, 'own');
    s.until(1500);
    expect(s.told(refusal)).toEqual([
      {
        inverter: 'own',
        profile: 'generic-modbus',
        why: 'profile `small` speaks CAN; give `can: can0`',
      },
    ]);
  });
});

describe('a profile on trial', () => {
  const dropped = 'profile is dropped, the last good one is back';
  const known: BankState = { ...fresh, signals: { ...fresh.signals, sohPct: 87 } };

  test('that cannot say the bank any more gives way in the same beat, and says so', () => {
    let state = known;
    const s = serving([house], () => state);
    s.until(5200);
    s.offer('new', needy);
    s.until(6500);
    expect(marks(s.framesOf(0x355, 6000))).toEqual(['57']);
    state = fresh;
    s.until(10_500);
    expect(s.told(dropped)).toEqual([
      {
        inverter: 'house',
        profile: 'small',
        why: 'it requires soh_pct, which the bank does not have',
      },
    ]);
    expect(s.framesOf(0x351).map(({ atMs }) => atMs)).toEqual(Array.from({ length: 11 }, (_, i) => 1000 * i));
    expect(marks(s.framesOf(0x355, 7000))).toEqual(['64', '64', '64', '64']);
    s.until(120_000);
    expect(s.stood).toEqual([]);
  });

  test('that was dropped is not tried again until it is another one', () => {
    let state = known;
    const s = serving([house], () => state);
    s.until(5200);
    s.offer('new', needy);
    s.until(6500);
    state = fresh;
    s.until(10_500);
    state = known;
    s.offer('new', needy);
    s.until(12_500);
    expect(s.told('profile is taken')).toHaveLength(1);
    s.offer('newer', newMark);
    s.until(14_500);
    expect(s.told('profile is taken')).toHaveLength(2);
  });

  test('that is replaced by another falls back to the last good one, not to that', () => {
    let state = known;
    const s = serving([house], () => state);
    s.until(5200);
    s.offer('first', newMark);
    s.until(8200);
    s.offer('second', needy);
    s.until(9500);
    state = fresh;
    s.until(12_500);
    expect(s.told(dropped)).toHaveLength(1);
    expect(marks(s.framesOf(0x35e, 11_000))).toEqual(['AA', 'AA']);
  });

  test('is not blamed for what the one before could not say either', () => {
    let state = fresh;
    const { voltageV: _, ...lacking } = fresh.signals;
    const s = serving([house], () => state);
    s.until(5200);
    s.offer('new', newMark);
    s.until(8200);
    state = { ...fresh, signals: lacking };
    s.until(12_500);
    expect(s.told(dropped)).toEqual([]);
    state = fresh;
    s.until(14_500);
    expect(marks(s.framesOf(0x35e, 13_500))).toEqual(['BB']);
  });
});

describe('what the inverter said before', () => {
  test('is not forgotten on CAN: it was heard, and falls silent in its time', () => {
    const s = serving([house]);
    s.until(5200);
    s.inverterSays(0x305);
    s.offer('new', newMark);
    s.until(60_000);
    expect(s.told('inverter heard')).toHaveLength(1);
    expect(s.told('inverter silent')).toEqual([]);
    s.until(67_000);
    expect(s.told('inverter silent')).toHaveLength(1);
    expect(s.told('inverter is told the bank')).toHaveLength(1);
  });

  test('is not forgotten on CAN: the talk goes on where it stood, who we are is not said twice, slow frames keep their turn', () => {
    const s = serving([house]);
    const talking = (text: string) =>
      changed(
        changed(
          text,
          '  frames:\n',
          `  starts: heard
  phases: [closed, open]
  starts_with: [who]
  frames:
    - { id: 0x400, length: 1, when_asked: [who], constants: [{ at: 0, bytes: '01' }] }
    - { id: 0x401, length: 1, phases: [open], every: 4s, constants: [{ at: 0, bytes: '02' }] }
`,
        ),
        'receives: [{ id: 0x305 }]',
        'receives: [{ id: 0x305, leads: { from: [closed], to: open } }]',
      );
    s.until(5200);
    s.inverterSays(0x305);
    s.offer('talking', talking);
    s.until(8200);
    s.inverterSays(0x305);
    s.until(16_500);
    const slow = s.framesOf(0x401).map(({ atMs }) => atMs);
    expect(slow.slice(1).map((ms, i) => ms - (slow[i] ?? 0))).toEqual([4000]);
    expect(s.framesOf(0x400)).toEqual([]);
    s.offer('marked', (text) => newMark(talking(text)));
    s.until(30_500);
    const all = s.framesOf(0x401).map(({ atMs }) => atMs);
    expect(all.slice(1).map((ms, i) => ms - (all[i] ?? 0))).toEqual(Array(all.length - 1).fill(4000));
    expect(s.framesOf(0x400)).toEqual([]);
    expect(s.framesOf(0x351)).toHaveLength(31);
    expect(s.told('talk with the inverter goes on')).toHaveLength(1);
  });

  test('is not forgotten on Modbus: its registers, its line and its connection', async () => {
    const port = await freePort();
    const s = serving([`id: ems, profile: generic-modbus, tcp: "127.0.0.1:${port}"`]);
    await eventually(() => expect(s.told('Modbus open')).toHaveLength(1));
    const master = await connectMaster({ bus: { host: '127.0.0.1', port }, unit: 1, timeoutMs: 20_000 });
    open.push({ master });
    await master.write(0x0185, [50]);
    const [, voltage] = await master.read('holding', 0x0100, 2);
    const doubled = (text: string) => {
      const [head = ''] = text.split('\nexamples:\n');
      const other = changed(head, 'at: 0x0101, as: u16, scale: 0.1', 'at: 0x0101, as: u16, scale: 0.05');
      return `${other}\nexamples:\n  - { given: { }, then: { } }\n`;
    };
    s.offer('new', doubled(generic), 'ems');
    expect(s.told('profile is taken')).toEqual([
      expect.objectContaining({ changes: expect.stringMatching(/^0x0101 \w{4} → \w{4}$/) }),
    ]);
    expect(await master.read('holding', 0x0101, 1)).toEqual([2 * (voltage ?? 0)]);
    expect(await master.read('holding', 0x0185, 1)).toEqual([50]);
    expect(s.served.surroundings(0).outsideCurrentA).toEqual({ value: 5, atMs: 0 });
    expect(s.told('Modbus open')).toHaveLength(1);
    expect(s.told('inverter heard')).toHaveLength(1);
  });

  test('is kept when the wire must be opened anew for another unit', async () => {
    const port = await freePort();
    const s = serving([`id: ems, profile: generic-modbus, tcp: "127.0.0.1:${port}"`]);
    await eventually(() => expect(s.told('Modbus open')).toHaveLength(1));
    const before = await connectMaster({ bus: { host: '127.0.0.1', port }, unit: 1, timeoutMs: 20_000 });
    await before.write(0x0185, [50]);
    await before.close();
    s.offer('new', changed(generic, 'units: [1]', 'units: [7]'), 'ems');
    for (let ms = 0; ms < 10_000; ms += 500) s.until(ms);
    await eventually(() => expect(s.told('Modbus open').length + s.told('Modbus back').length).toBe(2));
    const after = await connectMaster({ bus: { host: '127.0.0.1', port }, unit: 7, timeoutMs: 20_000 });
    open.push({ master: after });
    expect(await after.read('holding', 0x0185, 1)).toEqual([50]);
  });
});

describe('a wire is opened anew', () => {
  test('for a profile that listens to an id that the line does not let through, and that wire only', () => {
    const s = serving([house, `id: other, profile: ${folder}/small.yaml, can: can1`]);
    s.until(5200);
    s.offer('new', (text) => changed(text, 'id: 0x305', 'id: 0x307'));
    s.until(9500);
    expect(s.opened).toEqual(['can0', 'can1', 'can0']);
    expect(s.framesOf(0x351).length).toBe(20);
  });
});

describe('the difference between two profiles', () => {
  const saying = (n: number, byte: string) => new Map(Array.from({ length: n }, (_, i) => [`0x${i}`, byte]));

  test('is cut to what one line of a log can bear', () => {
    const text = differenceText(saying(13, '00'), saying(13, '01'));
    expect(text).toContain('0x9 00 → 01, and 3 more');
    expect(text).not.toContain('0x10');
    expect(differenceText(saying(10, '00'), saying(10, '01'))).not.toContain('more');
  });

  test('names what is said no more, and what was not said before', () => {
    expect(differenceText(saying(2, '00'), saying(3, '00'))).toBe('0x2 none → 00');
    expect(differenceText(saying(3, '00'), saying(2, '00'))).toBe('0x2 00 → none');
    expect(differenceText(saying(3, '00'), saying(3, '00'))).toBe('-');
  });
});
