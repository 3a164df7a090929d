import { expect, test } from 'vitest';
import { parseGateway } from '../../src/config/gateway-file.ts';
import { openWires } from '../../src/wires/outputs.ts';
import { bankOf, once, pack, reading } from '../bank/room.ts';
import { crankedClock } from '../can/clock.ts';
import { stuckBus } from '../can/stuck-bus.ts';
import { planHere } from '../config/planned.ts';
import { mute } from './lines.ts';

const file = `
batteries:
  - { id: a, bms: jbd, address: "A4:C1:38:00:00:01", cells: 16 }
bank:
  strings: [[a]]
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
  - { id: one, profile: pylontech-lv, can: can0 }
`;
const LIMITS = 0x351;
const charge = (data: Uint8Array | undefined) => data && new DataView(data.buffer).getUint16(2, true) / 10;

test('an inverter that is switched on again learns within 100 ms that charging stopped while it was off', () => {
  const time = crankedClock();
  const wire = stuckBus();
  const bank = once(bankOf([[pack('a')]]), { a: reading() });
  let signals = { ...bank.signals, chargeCurrentLimitA: 50 };
  const wires = openWires(planHere(parseGateway('g.yaml', file)).plans, {
    ...time,
    state: () => ({ ...bank, signals, validUntilMs: time.clock() + 3000 }),
    ledger: mute,
    canLine: () => wire,
  });
  const limits = () => wire.out.filter(({ id }) => id === LIMITS).map(({ data }) => charge(data));
  time.until(5500);
  wire.acknowledge(false);
  time.until(8500);
  signals = { ...signals, chargeCurrentLimitA: 0 };
  time.until(14_500);
  const before = limits().length;
  wire.acknowledge(true);
  expect(limits().slice(before)).toEqual([50]);
  time.until(14_600);
  expect(limits().slice(before)).toEqual([50, 0]);
  for (const one of wires) one.close();
});

test('a BYD inverter that was off while current and voltage had their turn gets them with the first beat, not ten seconds later', () => {
  const time = crankedClock();
  const wire = stuckBus();
  const bank = once(bankOf([[pack('a')]]), { a: reading() });
  const byd = file.replace('pylontech-lv', 'byd-hv');
  const wires = openWires(planHere(parseGateway('g.yaml', byd)).plans, {
    ...time,
    state: () => ({ ...bank, validUntilMs: time.clock() + 3000 }),
    ledger: mute,
    canLine: () => wire,
  });
  const measured = () => wire.out.filter(({ id }) => id === 0x1d0).length;
  time.until(500);
  wire.hear({ id: 0x151, extended: false, data: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0) });
  time.until(8000);
  expect(measured()).toBe(1);
  wire.suffer({ kind: 'unavailable', why: 'the interface is down', remedy: 'set it up' });
  time.until(12_000);
  wire.suffer(undefined);
  time.until(15_000);
  expect(measured()).toBe(2);
  for (const one of wires) one.close();
});
