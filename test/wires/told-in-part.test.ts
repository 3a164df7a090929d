// What a master was told that asks for a part of its map.
import { describe, expect, test } from 'vitest';
import { answerPdu } from '../../src/modbus/pdu.ts';
import { inverterHealth } from '../../src/wires/output.ts';
import { sentReply } from '../modbus/taken.ts';
import { compiledOf } from '../profile/safety-banks.ts';
import { theHouse } from './house.ts';

/** A house before a master of a profile; `ask` counts as its poll. */
function asked(id: string) {
  const house = theHouse({ onModbus: compiledOf(id, {}) });
  house.speakUntil(4000);
  const { modbus } = house;
  const ask = (unit: number, ...pdu: number[]) => {
    modbus.hearing.heard(house.clock());
    return sentReply(modbus.slaveAt(unit), Uint8Array.from(pdu));
  };
  return { house, ask, health: () => inverterHealth(modbus, house.clock()) };
}

const SOC = 0x0100;
const WINDOW = { from: 0x0100, to: 0x0187 };

describe('a master that asks for a part of its map', () => {
  test('was told the registers that it read, and no others of their window', () => {
    const { house, health } = asked('generic-modbus');
    house.modbus.hearing.heard(house.clock());
    house.poll(SOC, 1);
    expect(health()).toMatchObject({ telling: 'the truth', told: { soc_told_pct: 50 } });
    expect(Object.keys(health().told ?? {})).toEqual(['soc_told_pct']);
  });

  test('was told all in the end, though it asks for one register at a time', () => {
    const [whole, single] = [asked('generic-modbus'), asked('generic-modbus')];
    for (let at = WINDOW.from; at <= WINDOW.to; at++) single.ask(1, 3, at >> 8, at & 255, 0, 1);
    whole.ask(1, 3, WINDOW.from >> 8, WINDOW.from & 255, 0, 120);
    expect(single.health().told).toEqual(whole.health().told);
    expect(Object.keys(whole.health().told ?? {})).toContain('charge_current_limit_A');
  });

  test('still has what it read before: of each register the last answer counts', () => {
    const { house, ask, health } = asked('generic-modbus');
    ask(1, 3, 1, 0, 0, 100);
    const { charge_voltage_limit_V: cvlV, heartbeat } = health().told ?? {};
    house.speakUntil(house.clock() + 4000);
    ask(1, 3, 1, 3, 0, 1);
    expect(health().told?.charge_voltage_limit_V).toBe(cvlV);
    expect(health().told?.heartbeat).not.toBe(heartbeat);
  });

  test('was told nothing by an answer that the line did not take, nor by one that it took after a silence', () => {
    const { house, health } = asked('generic-modbus');
    const { modbus } = house;
    modbus.hearing.heard(house.clock());
    answerPdu(modbus.slave, Uint8Array.of(3, 1, 0, 0, 100), false);
    const taken = modbus.slave.taken?.();
    expect(health()).toMatchObject({ telling: 'nothing yet' });
    house.evaluation.stop();
    house.until(house.clock() + 4000);
    expect(answerPdu(modbus.slave, Uint8Array.of(3, 1, 0, 0, 1), false)).toBeUndefined();
    taken?.();
    expect(modbus.told().told).toEqual({});
  });

  test('was told what it read last, though another master at the same map is slow to take an older answer', () => {
    const { house, ask, health } = asked('generic-modbus');
    answerPdu(house.modbus.slave, Uint8Array.of(3, 1, 0, 0, 120), false);
    const taken = house.modbus.slave.taken?.();
    house.speakUntil(house.clock() + 4000);
    ask(1, 3, 1, 3, 0, 1);
    const { heartbeat } = health().told ?? {};
    taken?.();
    expect(heartbeat).toBeDefined();
    expect(health().told?.heartbeat).toBe(heartbeat);
    expect(health().told?.soc_told_pct).toBe(50);
  });

  test('was told nothing by a refusal, nor by the answer to a write', () => {
    const { ask, health } = asked('generic-modbus');
    expect(ask(1, 3, 1, 0x80, 0, 100)).toEqual(Uint8Array.of(0x83, 2));
    expect(ask(1, 22, 1, 0, 0, 0, 0, 0)?.[0]).toBe(0x80 | 22);
    expect(health().told).toBeUndefined();
  });
});

describe('a master that writes over the limits at one of its two units', () => {
  const LIMITS = [0x90, 0x00, 0, 0x1a] as const;

  test('reads its own numbers there: they are not what the bank says', () => {
    const { ask, health } = asked('epever-rs485');
    ask(3, 3, ...LIMITS);
    const { charge_voltage_limit_V: cvlV } = health().told ?? {};
    expect(cvlV).toBeGreaterThan(50);
    for (const at of [0x02, 0x03, 0x17]) ask(3, 16, 0x90, at, 0, 1, 2, 0x10, 0x00);
    expect(health().told?.charge_voltage_limit_V).toBe(cvlV);
    ask(3, 3, ...LIMITS);
    expect(Object.keys(health().told ?? {})).not.toContain('charge_voltage_limit_V');
    expect(health().told?.charge_current_limit_A).toBeGreaterThan(0);
    ask(4, 3, ...LIMITS);
    expect(health().told?.charge_voltage_limit_V).toBe(cvlV);
  });
});
