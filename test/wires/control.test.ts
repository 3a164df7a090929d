import { describe, expect, test } from 'vitest';
import type { CommandOrder } from '../../src/ble/orders.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import { control, type Wish } from '../../src/wires/control.ts';
import { type Permission, parseWish, refusalOf } from '../../src/wires/wishes.ts';
import { crank } from '../ble/crank.ts';
import { ledgerTo } from './lines.ts';

/** A gateway with two packs whose currents, FETs and obedience the test decides; a sample and an evaluation every second. */
function room({ currentA = 0, obeys = true }: { currentA?: number; obeys?: boolean } = {}) {
  const clock = crank();
  const pack = (): BatteryReading => ({ currentA: 0, chargeFet: true, dischargeFet: true });
  const readings: Record<string, BatteryReading> = { a: { ...pack(), currentA }, b: pack() };
  const orders: { readonly atMs: number; readonly order: CommandOrder; readonly withheld: string }[] = [];
  const told: string[] = [];
  const logged: string[] = [];
  const byHand = control({
    clock: clock.now,
    after: clock.after,
    // Of the state only the packs are looked at.
    state: () =>
      ({
        packs: Object.entries(readings).map(([id, reading]) => ({ id, reading, sampleAtMs: clock.now() })),
      }) as never,
    order: (order) => {
      orders.push({ atMs: clock.now(), order, withheld: byHand.withheld().join() });
      clock.after(300, () => obey(order));
      return true;
    },
    log: ({ text, fields }) => logged.push(`${text} ${JSON.stringify(fields)}`),
    ledger: ledgerTo(({ text, fields }) => logged.push(`${text} ${JSON.stringify(fields)}`)),
  });
  const obey = ({ number, battery, errand }: CommandOrder) => {
    const { kind } = errand;
    if (kind === 'fet' && obeys)
      readings[battery] = { ...readings[battery], [`${errand.direction}Fet`]: errand.on };
    const sent = [kind === 'raw' ? errand.hex : 'dd 5a'];
    byHand.heardBack({ type: 'commanded', number, battery, sent, heard: ['dd 00'] });
  };
  const evaluate = () => {
    byHand.look();
    clock.after(1000, evaluate);
  };
  evaluate();
  let end: string | undefined | 'not yet' = 'not yet';
  return {
    clock,
    orders,
    told,
    logged,
    byHand,
    let: (id: string, reading: BatteryReading) => {
      readings[id] = { ...readings[id], ...reading };
    },
    ask: (wish: Wish, left?: AbortSignal) =>
      void byHand
        .carryOut(wish, (s) => told.push(s), left)
        .then((why) => {
          end = why;
        }),
    end: () => end,
  };
}

const open = (direction: 'charge' | 'discharge', ...batteries: string[]): Wish => ({
  batteries,
  errand: { kind: 'fet', direction, on: false },
});

describe('a charge FET is opened by hand', () => {
  test('only after its limit was told as zero and no current flows, and the limit comes back when it was read back', async () => {
    const { clock, orders, ask, byHand, end, told, let: set } = room({ currentA: 30 });
    ask(open('charge', 'a'));
    await clock.to(9000);
    expect(byHand.withheld()).toEqual(['charge']);
    expect(orders).toEqual([]);
    set('a', { currentA: 1.9 });
    await clock.to(10_000);
    expect(orders).toMatchObject([{ atMs: 10_000, withheld: 'charge', order: { untilMs: 20_000 } }]);
    await clock.to(12_000);
    expect(end()).toBeUndefined();
    expect(byHand.withheld()).toEqual([]);
    expect(told.at(-1)).toBe('a: charge FET is off, as read back');
  });

  test('not sooner than the zero can have reached an inverter, though nothing flows', async () => {
    const { clock, orders, ask } = room();
    ask(open('charge', 'a'));
    await clock.to(2000);
    expect(orders).toEqual([]);
    await clock.to(3000);
    expect(orders).toHaveLength(1);
  });

  test('not at all when the current does not fall within 30 s', async () => {
    const { clock, orders, ask, end, byHand } = room({ currentA: 2 });
    ask(open('charge', 'a'));
    await clock.to(31_000);
    expect(orders).toEqual([]);
    expect(end()).toMatch('still 2 A or more');
    expect(byHand.withheld()).toEqual([]);
  });

  test('not at all when the person leaves while it is waited for, and the limit comes back', async () => {
    const { clock, orders, ask, end, byHand, let: set } = room({ currentA: 30 });
    const person = new AbortController();
    ask(open('charge', 'a', 'b'), person.signal);
    await clock.to(5000);
    person.abort();
    set('a', { currentA: 0 });
    await clock.to(7000);
    expect(orders).toEqual([]);
    expect(end()).toBe('a: whoever asked for it has left, so nothing was sent');
    expect(byHand.withheld()).toEqual([]);
  });

  test('not at all of a unit that does not tell its current', async () => {
    const { clock, orders, ask, end, let: set } = room();
    set('a', { currentA: undefined } as never);
    ask(open('charge', 'a'));
    await clock.to(40_000);
    expect(orders).toEqual([]);
    expect(end()).toMatch('still 2 A or more, or no sample');
  });

  test('and a unit that does not report it open is told so', async () => {
    const { clock, ask, end } = room({ obeys: false });
    ask(open('discharge', 'a'));
    await clock.to(30_000);
    expect(end()).toMatch('does not report its discharge FET off');
  });

  test('in all batteries one after the other, each waited for', async () => {
    const { clock, orders, ask, end } = room();
    ask(open('charge', 'a', 'b'));
    await clock.to(20_000);
    expect(end()).toBeUndefined();
    const [first, second] = orders;
    expect([first?.order.battery, second?.order.battery]).toEqual(['a', 'b']);
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThan(2000);
  });

  test('every byte and the wish itself are logged', async () => {
    const { clock, ask, logged } = room();
    ask(open('charge', 'a'));
    await clock.to(20_000);
    expect(logged[0]).toMatch(/^a person gives a command .*charge/);
    expect(logged[1]).toMatch('"sent":"dd 5a","heard":"dd 00"');
  });
});

describe('a FET is closed again by hand', () => {
  test('at once, for a FET that closes breaks nothing', async () => {
    const { clock, orders, ask, byHand } = room({ currentA: 30 });
    ask({ batteries: ['a'], errand: { kind: 'fet', direction: 'charge', on: true } });
    await clock.to(500);
    expect(orders).toHaveLength(1);
    expect(byHand.withheld()).toEqual([]);
  });
});

test('a password that was sent as raw bytes does not stay in the log', async () => {
  const { clock, ask, logged, orders } = room();
  ask({ batteries: ['a'], errand: { kind: 'raw', hex: 'ffaa1806313233313233 4a' } });
  await clock.to(1000);
  expect(orders).toMatchObject([{ order: { errand: { hex: 'ffaa1806313233313233 4a' } } }]);
  expect(logged[0]).toMatch('ff aa 18 06 2a 2a 2a 2a 2a 2a');
  expect(logged.join()).not.toMatch(/31 ?32 ?33/);
});

test('a second command is refused while one is being carried out', async () => {
  const { clock, ask, byHand } = room({ currentA: 30 });
  ask(open('charge', 'a'));
  await clock.to(5000);
  expect(await byHand.carryOut(open('charge', 'b'), () => {})).toMatch('another command');
});

describe('what a person may ask', () => {
  const permission: Permission = { families: new Map([['a', 'jbd']]), anyRaw: false };
  const raw = (hex: string): Wish => ({ batteries: ['a'], errand: { kind: 'raw', hex } });
  const any = { ...permission, anyRaw: true };

  test('frames that read are sent, others only where the file permits any', () => {
    expect(refusalOf(raw('dda50300fffd77'), permission)).toBeUndefined();
    expect(refusalOf(raw('dd5a0a02 0100fff3 77'), permission)).toMatch('only frames that read');
    expect(refusalOf(raw('dd5a0a02 0100fff3 77'), any)).toBeUndefined();
  });

  test('a read with a wrong checksum is no read', () => {
    expect(refusalOf(raw('dda50300fffc77'), permission)).toMatch('only frames that read');
  });

  test('bytes that switch a FET never go past the guard of its current', () => {
    for (const frame of ['dd5ae1020001ff1c77', 'dd5ae1020000ff1d77', 'dd5afb020101ff0177'])
      for (const bytes of [frame, `dda50300fffd77${frame}`, `00${frame}00`])
        expect(refusalOf(raw(bytes), any)).toMatch('use `bmsgate control fet`');
  });

  test('nor do those of other families, in whichever dialect of theirs', () => {
    const families = new Map([
      ['j', 'jk'],
      ['d', 'daly'],
    ]);
    const pb = ['01101070000204000000001234', '0001101074000204', '0f06107000001234', '0110106c000408'];
    const frames = {
      j: ['aa5590eb1d0400', '00aa5590eb1e0101', ...pb],
      d: ['d20600a500008a4a', 'ffa540d9080100'],
    };
    for (const [battery, bytes] of Object.entries(frames))
      for (const hex of bytes)
        expect(
          refusalOf({ batteries: [battery], errand: { kind: 'raw', hex } }, { families, anyRaw: true }),
        ).toMatch('use `bmsgate control fet`');
  });

  test('a family whose FETs cannot be switched says so', () => {
    const renogy = { families: new Map([['a', 'renogy']]), anyRaw: false };
    expect(refusalOf(open('charge', 'a'), renogy)).toBe(
      'battery a: FETs of renogy cannot be switched from here',
    );
  });

  test('a JK on its RS485 line says so before its limit is told as zero, and one on the air does not', () => {
    const families = new Map([
      ['a', 'jk'],
      ['b', 'jk'],
    ]);
    const line = { families, wired: new Set(['a']), anyRaw: true };
    expect(refusalOf(open('charge', 'a'), line)).toBe(
      'battery a: FETs of jk on a wire cannot be switched from here',
    );
    expect(refusalOf(open('charge', 'b'), line)).toBeUndefined();
    expect(refusalOf(raw('aa5590eb1d0400'), line)).toMatch('use `bmsgate control fet`');
  });

  test.each(['', 'zz', 'd'])('%j is no hex', (hex) => {
    expect(refusalOf(raw(hex), any)).toMatch('is no hex');
  });

  test('a battery that is not there is named with those that are', () => {
    expect(refusalOf(open('charge', 'x'), permission)).toBe('there is no battery `x`; there are: a');
  });

  const wish = (typed: string, target = 'a') =>
    JSON.stringify({ target, typed, errand: { kind: 'fet', direction: 'charge', on: false } });

  test('a wish counts when the name of its target was typed', () => {
    expect(parseWish(wish('a'), permission)).toEqual(open('charge', 'a'));
    expect(parseWish(wish('all', 'all'), permission)).toEqual(open('charge', 'a'));
    const named = {
      ...permission,
      families: new Map([
        ['all', 'jbd'],
        ['b', 'jbd'],
      ]),
    };
    expect(parseWish(wish('all', 'all'), named)).toEqual(open('charge', 'all'));
    expect(parseWish(wish('A'), permission)).toMatch('not confirmed');
    expect(parseWish(wish(''), permission)).toMatch('not confirmed');
  });

  test.each(['', '{', '[]', 'null', '{"target":"a"}', '{"target":"a","typed":"a","errand":{"kind":"fet"}}'])(
    '%j is no wish',
    (line) => {
      expect(parseWish(line, permission)).toMatch('no wish');
    },
  );
});
