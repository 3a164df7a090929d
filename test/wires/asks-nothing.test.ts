// Of an inverter that speaks on the line and does not ask for what it may do: it follows nobody.
import { describe, expect, test } from 'vitest';
import { questionsThatMatter, registersThatMatter } from '../../src/profile/asked-for.ts';
import { hearInverter, type InverterHearing } from '../../src/wires/hearing.ts';
import { inverterHealth } from '../../src/wires/output.ts';
import { crankedClock } from '../can/clock.ts';
import { theSerialRoom } from '../inverters/serial-room.ts';
import { sentReply } from '../modbus/taken.ts';
import { shippedIds } from '../profile/profiles.ts';
import { compiledOf } from '../profile/safety-banks.ts';
import { theHouse } from './house.ts';
import { readLedger } from './lines.ts';

const READ_LIMITS = [3, 0x01, 0x08, 0, 4];
const READ_SOC = [3, 0x01, 0x00, 0, 1];
const READ_VOLTAGE = [3, 0x01, 0x01, 0, 1];
const WRITE_STATE = [6, 0x01, 0x81, 0, 2];
const WRITE_CURRENT = [6, 0x01, 0x85, 0, 50];

/** A house before a master; `asking` once a second for so long, with packs that answer, or do not. */
function facing(id = 'generic-modbus') {
  const house = theHouse({ onModbus: compiledOf(id, {}) });
  house.speakUntil(4000);
  const { modbus } = house;
  function asking(seconds: number, pdus: readonly (readonly number[])[], isHeard = true) {
    for (let s = 0; s < seconds; s++) {
      for (const pdu of pdus) {
        const request = Uint8Array.from(pdu);
        modbus.asked(house.clock(), request, sentReply(modbus.slave, request));
      }
      house.until(house.clock() + 1000);
      modbus.hearing.judge(house.clock());
      if (isHeard && s % 2) house.speak();
    }
  }
  const health = () => inverterHealth(modbus, house.clock());
  const troubles = () =>
    house.log.map(({ text }) => text).filter((text) => /^inverter (silent|asks|back|heard)/.test(text));
  return { house, modbus, asking, health, troubles };
}

describe('a Modbus master that stops reading and goes on writing', () => {
  test('is told so after its silence, and until it asks again', () => {
    const { asking, health, troubles } = facing();
    asking(10, [READ_LIMITS, WRITE_STATE]);
    const { told } = health();
    expect([health().voice, told?.charge_current_limit_A]).toEqual(['heard', 95]);
    asking(59, [WRITE_STATE]);
    expect([health().voice, health().asksNothing, troubles()]).toEqual([
      'heard',
      undefined,
      ['inverter heard'],
    ]);
    asking(3, [WRITE_STATE]);
    expect(health()).toMatchObject({ voice: 'silent', asksNothing: true, told });
    asking(30, [WRITE_STATE, READ_VOLTAGE]);
    expect(troubles()).toEqual(['inverter heard', 'inverter asks for no limits']);
    asking(1, [READ_SOC]);
    expect(health().voice).toBe('back');
    expect(troubles().at(-1)).toBe('inverter asks again');
    expect(troubles()).toHaveLength(3);
  });

  test('and then falls silent altogether is silent, and not both', () => {
    const { house, asking, health } = facing();
    const kinds = () => house.ledger.open().map(({ kind }) => kind);
    asking(5, [READ_LIMITS]);
    asking(70, [WRITE_STATE]);
    expect(kinds()).toContain('inverter_asks_nothing');
    asking(70, []);
    expect(kinds()).toContain('inverter_silent');
    expect(kinds()).not.toContain('inverter_asks_nothing');
    expect(health().asksNothing).toBeUndefined();
  });

  test('together with everything else is silent, though it wrote after its last question', () => {
    const { asking, troubles } = facing();
    asking(5, [READ_LIMITS, WRITE_STATE]);
    asking(5, [WRITE_STATE]);
    asking(100, []);
    expect(troubles()).toEqual(['inverter heard', 'inverter silent']);
  });

  test('has read each number at another moment', () => {
    const { house, asking, health } = facing();
    asking(1, [READ_LIMITS]);
    const limitsAtMs = house.clock() - 1000;
    asking(9, [READ_SOC]);
    const { charge_current_limit_A: limits, soc_told_pct: soc } = health().toldAtMs ?? {};
    expect([limits, soc]).toEqual([limitsAtMs, house.clock() - 1000]);
  });
});

describe('a master that asks nothing, or is silent, when another profile comes into force', () => {
  /** Asked once, and then said other things for two minutes, or nothing; then served anew. */
  function servedAnew(speaks: boolean) {
    const time = crankedClock();
    const { ledger, log } = readLedger();
    const ground = { clock: time.clock, ledger };
    const speaking = (hearing: InverterHearing, seconds: number, isOn: boolean) => {
      for (let s = 0; s < seconds; s++) {
        if (isOn) hearing.spoke(time.clock());
        time.until(time.clock() + 1000);
        hearing.judge(time.clock());
      }
    };
    const before = hearInverter('house', 60_000, ground);
    before.heard(time.clock());
    speaking(before, 120, speaks);
    const anew = hearInverter('house', 60_000, ground, before.judge(time.clock()));
    return { log, goOn: (seconds: number, isOn: boolean) => speaking(anew, seconds, isOn) };
  }
  const linesOf = (log: readonly { text: string }[]) => log.map(({ text }) => text);

  test('asks nothing all the time', () => {
    const { log, goOn } = servedAnew(true);
    goOn(5, false);
    goOn(90, true);
    expect(linesOf(log)).toEqual(['inverter heard', 'inverter asks for no limits']);
  });

  test('and then falls silent, is silent', () => {
    const { log, goOn } = servedAnew(true);
    goOn(62, false);
    expect(linesOf(log).at(-1)).toBe('inverter silent');
  });

  test('is silent all the time, and asks nothing once it speaks', () => {
    const { log, goOn } = servedAnew(false);
    goOn(90, false);
    expect(linesOf(log)).toEqual(['inverter heard', 'inverter silent']);
    goOn(1, true);
    expect(linesOf(log).at(-1)).toBe('inverter asks for no limits');
  });
});

describe('a master that never read a limit', () => {
  test('is told so when it has spoken for as long as counts as silence', () => {
    const { asking, health, troubles } = facing();
    asking(60, [WRITE_STATE, READ_VOLTAGE]);
    expect([health().asksNothing, troubles()]).toEqual([undefined, []]);
    asking(3, [WRITE_STATE, READ_VOLTAGE]);
    expect(health()).toMatchObject({ voice: 'never', asksNothing: true, telling: 'nothing yet' });
    expect(troubles()).toEqual(['inverter asks for no limits']);
  });

  test('is none where it tells us a current: a meter need not ask', () => {
    const { asking, health, troubles } = facing();
    asking(200, [WRITE_CURRENT]);
    expect([health().asksNothing, troubles()]).toEqual([undefined, []]);
  });

  test('is none where somebody looks at the map by hand, now and then', () => {
    const { asking, troubles } = facing();
    for (let n = 0; n < 5; n++) {
      asking(2, [READ_VOLTAGE]);
      asking(90, []);
    }
    expect(troubles()).toEqual([]);
  });
});

describe('a master that asks in vain', () => {
  test('while it is we who are silent, asks all the same', () => {
    const { asking, troubles, modbus } = facing('pace-modbus');
    const READ_ALL = [3, 0, 0, 0, 20];
    asking(5, [READ_ALL]);
    asking(150, [READ_ALL], false);
    expect(sentReply(modbus.slave, Uint8Array.from(READ_ALL))).toBeUndefined();
    expect(troubles()).toEqual(['inverter heard']);
  });

  test('and goes no further than its first question, asks all the same', () => {
    const { asking, troubles, modbus } = facing('pace-modbus');
    const READ_VERSION = [3, 0, 0x96, 0, 10];
    asking(150, [[3, 0, 0, 0, 20]], false);
    asking(90, [READ_VERSION], false);
    expect(sentReply(modbus.slave, Uint8Array.from(READ_VERSION))).toBeUndefined();
    expect(troubles()).toEqual(['inverter heard']);
  });

  test('because its question is wrong, asks for nothing', () => {
    const { asking, health } = facing();
    asking(5, [READ_LIMITS]);
    asking(70, [[3, 0x01, 0x80, 0, 100]]);
    expect(health()).toMatchObject({ voice: 'silent', asksNothing: true });
  });
});

describe('a master of a codec', () => {
  test.each([
    ['pylontech-rs485', 0x63, 0x4f],
    ['kostal-byd', 0x044a, undefined],
  ])('%s: that asks for versions or only writes asks for nothing', (id, limits, other) => {
    const { house, output } = theSerialRoom(id, () => ({
      trips: [],
      allows: () => ({ chargeA: 0, dischargeA: 0 }),
      hear: () => {},
      tick: () => {},
    }));
    output.asked(house.clock(), limits);
    const since = house.clock();
    while (house.clock() < since + 62_000) {
      output.asked(house.clock(), other);
      house.until(house.clock() + 1000);
    }
    expect(output.hearing.judge(house.clock()).voice).toBe('silent');
    expect(output.hearing.asksNothing(house.clock())).toBe(true);
    output.asked(house.clock(), limits);
    expect(output.hearing.judge(house.clock()).voice).toBe('back');
  });
});

describe('every shipped map', () => {
  const compiled = shippedIds.map((id) => ({ id, ...compiledOf(id, {}) }));

  test.each(compiled.flatMap(({ id, modbus }) => (modbus ? [{ id, modbus }] : [])))(
    '$id: has registers that matter beside others',
    ({ modbus }) => {
      const matters = registersThatMatter(modbus);
      const all = modbus.layouts.flatMap(({ from, to, functions }) =>
        Array.from({ length: to - from + 1 }, (_, i) => matters(functions[0] ?? 3, from + i, 1)),
      );
      expect(new Set(all)).toEqual(new Set([true, false]));
    },
  );

  test.each(compiled.flatMap(({ id, serial }) => (serial ? [{ id, serial }] : [])))(
    '$id: has questions that matter beside others',
    ({ serial }) => {
      const matters = questionsThatMatter(serial);
      expect(new Set(serial.answers.map(({ ask }) => matters(ask)))).toEqual(new Set([true, false]));
    },
  );
});
