// A battery on the line of a codec, from the first reading to the last: what each question is told, and when nothing is.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InverterPlan } from '../../src/config/inverters.ts';
import { respond } from '../../src/modbus/ascii.ts';
import { respond as respondKostal } from '../../src/modbus/kostal.ts';
import type { CompiledProfile } from '../../src/profile/compile.ts';
import { readAscii } from '../../src/profile/serial/ascii-frame.ts';
import { kinds, readKostal } from '../../src/profile/serial/kostal-frame.ts';
import { serialOutput } from '../../src/wires/serial-voice.ts';
import { reading } from '../bank/room.ts';
import { shipped } from '../profile/profiles.ts';
import { theHouse } from './house.ts';
import { readLedger } from './lines.ts';

const profiles = { pylontech: shipped('pylontech-rs485'), kostal: shipped('kostal-byd') };

/** The house with one more inverter, at a serial line. */
function houseWith(compiled: CompiledProfile) {
  const house = theHouse();
  const { ledger, log: changes } = readLedger();
  const { clock, after } = house;
  const { serial } = compiled;
  const plan: InverterPlan = {
    id: 'far',
    compiled,
    wire: {
      kind: 'serial',
      name: '/dev/rs485',
      units: serial?.addresses ?? [],
      baud: 9600,
      parity: 'none',
      stopBits: 1,
    },
  };
  const ground = {
    clock,
    after,
    state: () => house.evaluation.state(),
    ledger,
  };
  const output = serialOutput(plan, ground);
  if (!output) throw new Error('the profile has a serial side');
  return Object.assign(house, { output, changes, plan, ground });
}

function pylontech() {
  const house = houseWith(profiles.pylontech);
  const { output } = house;
  /** The INFO of the answer to a command as bytes; a number is a return code, undefined is silence. */
  function ask(cid2: number): Uint8Array | number | undefined {
    const text = respond({ ver: '20', adr: 2, cid1: 0x46, cid2, info: '02' }, output);
    const frame = text === undefined ? undefined : readAscii(text.slice(1, -1));
    if (!frame) return undefined;
    if ('rtn' in frame) throw new Error(`no frame: ${text}`);
    return frame.cid2 === 0 ? Buffer.from(frame.info, 'hex') : frame.cid2;
  }
  /** CCL and DCL in A and the status byte, as 63 tells them. */
  function limits(): [number, number, number] | undefined {
    const told = ask(0x63);
    if (!(told instanceof Uint8Array)) return undefined;
    const buffer = Buffer.from(told);
    return [buffer.readInt16BE(4) / 10, buffer.readInt16BE(6) / 10, buffer.readUInt8(8)];
  }
  return Object.assign(house, { ask, limits });
}

const commands = [0x42, 0x44, 0x47, 0x4f, 0x51, 0x60, 0x61, 0x62, 0x63, 0x92, 0x93, 0x96];

describe('a Pylontech battery on the line', () => {
  test('before the first complete bank nothing is answered, not even a refusal', () => {
    const house = pylontech();
    house.until(5000);
    expect([...commands, 0x94].map(house.ask)).toEqual(Array(13).fill(undefined));
    house.evaluation.hear('a', { atMs: house.clock(), reading: reading() });
    house.until(6000);
    expect(house.ask(0x63)).toBeUndefined();
  });

  test('from the first complete bank on every command is answered, and a forbidden one refused', () => {
    const house = pylontech();
    house.speak();
    expect(commands.map((command) => typeof house.ask(command))).toEqual(Array(12).fill('object'));
    expect([house.ask(0x94), house.ask(0x95)]).toEqual([4, 4]);
    expect(house.limits()).toEqual([95, 150, 0xc0]);
  });

  test('the cells of the first string stand in 42 as they were read', () => {
    const house = pylontech();
    house.speak();
    const analog = house.ask(0x42);
    const cells = house.evaluation.state()?.signals.cellVoltagesV ?? [];
    expect(cells).toHaveLength(16);
    if (!(analog instanceof Uint8Array)) throw new Error('no answer');
    expect(analog[2]).toBe(16);
    expect(Buffer.from(analog).readUInt16BE(3)).toBe(Math.round((cells[0] ?? 0) * 1000));
  });

  test('stale: the sign is up at once, the limits fall to zero with their enables; lost: silence', () => {
    const house = pylontech();
    house.speak();
    house.until(16_500);
    expect(house.ask(0x62)).toEqual(Buffer.from([0, 0x10, 0, 0]));
    const [charge = 0, , status] = house.limits() ?? [];
    expect(charge).toBeLessThan(95);
    expect(charge).toBeGreaterThan(0);
    expect(status).toBe(0xc0);
    house.until(26_000);
    expect(house.limits()).toEqual([0, 0, 0]);
    house.until(61_000);
    expect(commands.map(house.ask)).toEqual(Array(12).fill(undefined));
    expect(house.changes.at(-1)).toMatchObject({ text: 'inverter is told nothing', fields: { why: 'lost' } });
  });

  test('the promise holds at any phase of silence and of asking, and nothing rises on the way', () => {
    fc.assert(
      fc.property(fc.nat(1999), fc.nat(999), (lastMs, askMs) => {
        const house = pylontech();
        house.speak();
        house.until(4000 + lastMs);
        house.speak();
        const saidMs = house.clock();
        house.until(saidMs + askMs);
        let before = house.limits() ?? [0, 0, 0];
        for (let s = 0; s < 26; s++) {
          house.until(house.clock() + 1000);
          const now = house.limits() ?? [Number.NaN, Number.NaN, 0];
          expect(now[0]).toBeLessThanOrEqual(before[0]);
          expect(now[1]).toBeLessThanOrEqual(before[1]);
          before = now;
        }
        expect(before).toEqual([0, 0, 0]);
      }),
      { numRuns: 50 },
    );
  }, 300_000);

  test('an image past its time is told to nobody', () => {
    const house = pylontech();
    house.speak();
    house.evaluation.stop();
    house.until(3100);
    expect(house.ask(0x63)).toBeUndefined();
    expect(house.changes.at(-1)?.fields).toMatchObject({ why: 'out of date' });
  });
});

describe('a BYD battery at a Kostal inverter', () => {
  function kostal() {
    const house = houseWith(profiles.kostal);
    let output = house.output;
    const talk = (kind: number, ...content: number[]) => {
      const bytes = respondKostal({ kind, content: Uint8Array.from(content) }, output.battery);
      return bytes && readKostal(bytes);
    };
    const read = (code: number) => talk(kinds.read, code & 0xff, code >> 8)?.content;
    /** Enable, contactors and first-frame byte; undefined is silence. */
    const cyclic = () => {
      const content = read(0x044a);
      return content && [content[50], content[53], content[55]].join('');
    };
    const begin = () => {
      read(0x084a);
      for (let i = 0; i < 8; i++) cyclic();
      return cyclic();
    };
    return Object.assign(house, {
      read,
      cyclic,
      begin,
      write: (...content: number[]) => talk(kinds.write, ...content)?.kind,
      exchange() {
        output = serialOutput(house.plan, house.ground, output.left()) ?? output;
      },
    });
  }

  test('says nothing before the first complete bank, and acknowledges nothing', () => {
    const house = kostal();
    house.until(2000);
    expect([house.read(0x084a), house.read(0x0353), house.write(0x5e, 0)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test('enables after the information and seven exchanges; writes are acknowledged and change nothing', () => {
    const house = kostal();
    house.speak();
    expect(house.cyclic()).toBeUndefined();
    expect(house.begin()).toBe('100');
    expect([house.write(0x5e, 0), house.write(0x47, 1), house.write(0x5e, 0xff), house.write(0x11)]).toEqual([
      kinds.taken,
      kinds.taken,
      undefined,
      undefined,
    ]);
    expect(house.cyclic()).toBe('100');
  });

  test('after a silence of ours the talk begins again', () => {
    const house = kostal();
    house.speakUntil(4000);
    expect(house.begin()).toBe('100');
    house.until(70_000);
    expect(house.cyclic()).toBeUndefined();
    house.speakUntil(90_000);
    expect(house.cyclic()).toBeUndefined();
    expect(house.begin()).toBe('100');
  });

  test('after a silence of the inverter the talk begins again', () => {
    const house = kostal();
    house.speakUntil(4000);
    expect(house.begin()).toBe('100');
    house.speakUntil(60_000);
    expect(house.cyclic()).toBe('100');
    house.speakUntil(122_000);
    expect(house.cyclic()).toBeUndefined();
  });

  test('goes on where it was when its profile is exchanged', () => {
    const house = kostal();
    house.speak();
    house.begin();
    house.exchange();
    expect(house.cyclic()).toBe('100');
  });
});
