// The wires process helps a radio that is stuck: it tells the ear what to try, and every ear after it which adapter to use.
import { describe, expect, test } from 'vitest';
import type { EarOrders, EarReport, ListenOrder } from '../../src/ble/orders.ts';
import { recovering } from '../../src/wires/recovering.ts';
import { takeReports } from '../../src/wires/reports.ts';
import { theHouse } from './house.ts';
import { readLedger } from './lines.ts';

const real: ListenOrder = {
  type: 'listen',
  pollMs: 2000,
  radios: [
    { name: 'hci0', form: 'noble', adapter: 'hci0', stack: 'stoprocent', standIn: 'hci2' },
    { name: 'hci1', form: 'noble', adapter: 'hci1', stack: 'stoprocent', standIn: 'hci2' },
  ],
  batteries: [
    { id: 'a', bms: 'jbd', address: 'A4:C1:38:00:00:01' },
    { id: 'b', bms: 'jbd', address: 'A4:C1:38:00:00:02', radio: 'hci1' },
  ],
};

function helped(listen: ListenOrder = real) {
  const house = theHouse({ startMs: 1000 });
  const { ledger, log } = readLedger();
  const sent: EarOrders[] = [];
  const ordered: ListenOrder[] = [];
  let nowMs = 0;
  const take = takeReports(
    () => house.evaluation,
    { clock: house.clock, ledger },
    () => {},
  );
  const recovery = recovering({
    listen,
    clock: () => nowMs,
    send: (order) => sent.push(order),
    order: (order) => ordered.push(order),
    say: take,
  });
  const hear = (report: EarReport) => recovery.hear(report);
  const fail = (battery: string) => {
    nowMs += 10_000;
    for (const state of ['found', 'connecting', 'lost'] as const) hear({ type: 'link', battery, state });
    recovery.look();
  };
  return {
    log,
    sent,
    ordered,
    hear,
    fail,
    recovery,
    texts: () => log.map(({ level, text }) => `${level} ${text}`),
  };
}

describe('a radio that hears its battery but cannot read it', () => {
  test('is helped rung by rung, and each is told with its outcome', () => {
    const { fail, sent, texts, hear } = helped();
    for (let i = 0; i < 5; i++) fail('a');
    hear({ type: 'sample', battery: 'a', atMs: 1, reading: {} });
    expect(sent).toMatchObject([
      { type: 'recover', radio: 'hci0', battery: 'a', rung: 'disconnect' },
      { type: 'recover', radio: 'hci0', battery: 'a', rung: 'forget' },
      { type: 'recover', radio: 'hci0', battery: 'a', rung: 'power cycle' },
    ]);
    expect(texts()).toEqual([
      'notice recovery: disconnect tried',
      'notice recovery: disconnect did not help',
      'notice recovery: forget tried',
      'notice recovery: forget did not help',
      'notice recovery: power cycle tried',
      'notice recovery: power cycle helped',
    ]);
  });

  test('that is past help gives its batteries to the stand-in, for every ear to come, said loudly', () => {
    const { fail, ordered, log } = helped();
    for (let i = 0; i < 12; i++) fail('a');
    expect(ordered.map(({ radios }) => radios)).toEqual([
      [{ name: 'hci0', form: 'noble', adapter: 'hci2', stack: 'stoprocent' }, real.radios[1]],
    ]);
    expect(log.find(({ text }) => text === 'recovery: stand-in tried')).toMatchObject({
      level: 'error',
      fields: {
        radio: 'hci0',
        why: expect.stringMatching('are now on hci2 and stay there until the next start'),
      },
    });
  });
});

test('a replay that is over is not begun anew', () => {
  const replay = { name: 'hci0', form: 'replay', captureFile: 'x.capture' } as const;
  const { hear, fail, sent } = helped({ ...real, radios: [replay] });
  hear({ type: 'sample', battery: 'a', atMs: 1, reading: {} });
  for (let i = 0; i < 30; i++) fail('a');
  expect(sent).toEqual([]);
});

test('what the ear says that is no report helps nobody', () => {
  const { recovery, sent, log } = helped();
  for (const message of [undefined, 7, {}, { type: 'link' }]) recovery.hear(message);
  expect([sent, log]).toEqual([[], []]);
});

describe('several batteries behind one link', () => {
  const shared: ListenOrder = {
    ...real,
    batteries: [
      { id: 'a', bms: 'seplos-v3', address: 'A4:C1:38:00:00:01', options: { unit: 1 } },
      { id: 'b', bms: 'seplos-v3', address: 'a4c138000001', options: { unit: 2 } },
      { id: 'c', bms: 'jbd', address: 'A4:C1:38:00:00:03' },
    ],
  };
  const read = (battery: string): EarReport => ({ type: 'sample', battery, atMs: 1, reading: {} });
  const lost = (battery: string): EarReport => ({ type: 'link', battery, state: 'lost', wasOpen: true });

  test('of which only the second still answers need no remedy when their link is lost now and then', () => {
    const { hear, sent } = helped(shared);
    hear(read('a'));
    for (let i = 0; i < 10; i++) {
      for (const battery of ['a', 'b']) hear({ type: 'link', battery, state: 'connecting' });
      hear(read('b'));
      for (const battery of ['a', 'b']) hear(lost(battery));
    }
    expect(sent).toEqual([]);
  });

  test('of which only the second answers do not pay for a unit that cannot be read', () => {
    const { hear, fail, sent, ordered } = helped(shared);
    for (let i = 0; i < 12; i++) {
      fail('c');
      hear(read('b'));
    }
    expect(sent.map((order) => order.type === 'recover' && order.rung)).toEqual(['disconnect', 'forget']);
    expect(ordered).toEqual([]);
  });
});

test('a battery on a wire that falls silent takes no link of the others: a new ear finds a wire no sooner', () => {
  const [hci0] = real.radios;
  const { fail, sent, hear } = helped({
    ...real,
    radios: [hci0, { name: '/dev/ttyS1', form: 'wired', path: '/dev/ttyS1', baud: 9600 }],
    batteries: [
      { id: 'a', bms: 'jbd', address: 'A4:C1:38:00:00:01' },
      { id: 'b', bms: 'jbd', address: '0e:00:00:00:00:01', radio: '/dev/ttyS1' },
    ],
  });
  const restarts = () => sent.filter((order) => order.type === 'recover' && order.rung === 'restart');
  for (const battery of ['a', 'b']) hear({ type: 'sample', battery, atMs: 1, reading: {} });
  for (let i = 0; i < 12; i++) {
    fail('b');
    hear({ type: 'sample', battery: 'a', atMs: 2 + i, reading: {} });
  }
  expect(sent.length).toBeGreaterThan(0);
  expect(restarts()).toEqual([]);
  // Nobody else has a link to lose.
  for (let i = 0; i < 12; i++) fail('b');
  expect(restarts()).not.toEqual([]);
});
