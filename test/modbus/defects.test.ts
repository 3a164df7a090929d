// The 22 defects that were found in a common Modbus RTU server (packages reference, 2.2), as what our slave does instead.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Slave } from '../../src/modbus/slave.ts';
import { type Battery, genericBattery, hex } from './battery.ts';
import { lineWith, request } from './line.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** 50 ms, and what the gateway reads before it believes that the line is silent. */
const IDLE_MS = 52;

/** A map with a register wherever the table of the reference wants one; 500 is writable, 501 is not. */
function bench(): Battery {
  const battery = genericBattery();
  const registers = new Uint16Array(0x10000);
  return {
    ...battery,
    functions: new Set([...battery.functions, 5]),
    read: (_fc, address, quantity) => registers.slice(address, address + quantity),
    write(address, values) {
      if (address <= 501 && address + values.length > 501) return false;
      registers.set(values, address);
      battery.written.push(`${address}=${values.join(',')}`);
      return true;
    },
    bits: { read: () => undefined, write: () => true },
  };
}

const benchLine = async () => {
  const battery = bench();
  const line = await lineWith(new Map([[1, battery]]));
  return { ...line, written: battery.written };
};

/** All that is said to these bytes, once the line has been idle. */
async function exchange(...pieces: string[]) {
  const { hear, pass, said, written } = await benchLine();
  for (const piece of pieces) hear(piece);
  pass(IDLE_MS);
  return { said: said(), written };
}

const READ = '01 03 00 00 00 02 C4 0B';
const READ_REPLY = hex(request(1, '03 04 00 00 00 00'));
const silence = { said: [], written: [] };

describe('what is damaged is not obeyed', () => {
  test('1: a read with a wrong CRC is met with silence', async () => {
    expect(await exchange('01 03 00 00 00 02 C4 F4')).toEqual(silence);
  });
  test('2: a write with a flipped bit is not executed', async () => {
    expect(await exchange('01 06 00 0A 80 32 28 1D')).toEqual(silence);
  });
  test('3: a frame for unit 2 whose address byte was damaged into ours is not executed', async () => {
    expect(await exchange('01 06 00 0A 00 32 28 2E')).toEqual(silence);
  });
  test('4: noise of the right length is not executed', async () => {
    expect(await exchange('01 06 AA BB CC DD EE FF')).toEqual(silence);
  });
});

describe('what is whole is heard', () => {
  test.each(['00', '00 FF'])('5: the request behind the noise %s is answered', async (noise) => {
    expect((await exchange(`${noise} ${READ}`)).said).toEqual([READ_REPLY]);
  });
  test('6: of two requests back to back the newer one is answered', async () => {
    expect((await exchange(`${READ} 01 03 00 00 00 01 84 0A`)).said).toEqual([
      hex(request(1, '03 02 00 00')),
    ]);
  });
  test.each([0, 2, 4, 8, 20, 49])(
    '7: our request %i ms after the traffic of unit 2 is answered at once',
    async (gapMs) => {
      const { hear, pass, said } = await benchLine();
      hear('02 03 00 00 00 02 C4 38');
      pass(gapMs);
      hear('02 03 04 00 01 00 02 19 32');
      pass(gapMs);
      hear(READ);
      expect(said()).toEqual([READ_REPLY]);
    },
  );
  test.each([1, 5, 20, 40])(
    '8: a request that comes byte by byte, %i ms apart, is answered',
    async (gapMs) => {
      const { hear, pass, said } = await benchLine();
      for (const byte of READ.split(' ')) {
        pass(gapMs);
        hear(byte);
      }
      expect(said()).toEqual([READ_REPLY]);
    },
  );
});

describe('what is wrong is refused with the right code', () => {
  const refusal = async (pdu: string) => (await exchange(hex(request(1, pdu)))).said;

  test.each(['7E', '7F', '80'])('9: quantity 0x%s is exception 03', async (quantity) => {
    expect(await refusal(`03 00 00 00 ${quantity}`)).toEqual([hex(request(1, '83 03'))]);
  });
  test('10: quantity 0 is exception 03', async () => {
    expect(await refusal('03 00 00 00 00')).toEqual([hex(request(1, '83 03'))]);
  });
  test('11: four-byte frames are heard: FC07 is exception 01, FC17 is answered', async () => {
    expect((await exchange('01 07 41 E2')).said).toEqual([hex(request(1, '87 01'))]);
    expect((await exchange('01 11 C0 2C')).said).toHaveLength(1);
  });
  test('12: a function that the map does not offer is exception 01, not silence', async () => {
    expect(await refusal('02 00 00 00 01')).toEqual([hex(request(1, '82 01'))]);
  });
  test('13: a coil that is to be neither on nor off is exception 03', async () => {
    expect((await exchange('01 05 00 03 12 34 30 BD')).said).toEqual([hex(request(1, '85 03'))]);
  });
  test('14: a byte count that does not fit the quantity is exception 03', async () => {
    expect(await exchange('01 10 00 0A 00 02 06 00 01 00 02 DA 11')).toEqual({
      said: [hex(request(1, '90 03'))],
      written: [],
    });
  });
  test('15: a write that touches one read-only register writes nothing and says so', async () => {
    expect(await exchange('01 10 01 F4 00 02 04 00 01 00 02 20 89')).toEqual({
      said: [hex(request(1, '90 02'))],
      written: [],
    });
  });
  test('16: a range beyond the last address is exception 02', async () => {
    expect((await exchange('01 04 FF FF 00 02 71 EF')).said).toEqual([hex(request(1, '84 02'))]);
  });
});

describe('who is spoken to', () => {
  test('17: a broadcast write is executed and not answered', async () => {
    expect(await exchange('00 06 00 0A 00 07 E9 DB')).toEqual({ said: [], written: ['10=7'] });
  });
  test.each([2, 247, 248, 255])(
    '18: unit %i is not us, and nothing makes us answer for all',
    async (unit) => {
      expect(await exchange(hex(request(unit, '06 00 0A 00 07')))).toEqual(silence);
    },
  );
  test('20: an adapter that gives back what we send does not make us hear ourselves', async () => {
    const battery = bench();
    const line = await lineWith(new Map([[1, battery]]), { localEcho: true }, {}, { echoes: true });
    line.hear(request(1, '06 00 0A 00 07'));
    line.pass(1500);
    expect([battery.written, line.said().length, line.link.counters.echoBytes]).toEqual([['10=7'], 1, 8]);
    line.hear(request(1, '06 00 0A 00 07'));
    expect(battery.written).toHaveLength(2);
  });
});

describe('what fails is told, and the process lives', () => {
  test('19: a map that throws is exception 04, and the cause is told', async () => {
    const told: unknown[] = [];
    const broken: Slave = {
      ...genericBattery(),
      read: () => {
        throw new Error('no image');
      },
    };
    const line = await lineWith(new Map([[1, broken]]), {}, { onFault: (error) => told.push(error) });
    line.hear(READ);
    expect([line.said(), told]).toEqual([[hex(request(1, '83 04'))], [new Error('no image')]]);
  });
  test('21: an unplugged adapter is an event, and it is opened again', async () => {
    const told: unknown[] = [];
    const line = await lineWith(new Map([[1, bench()]]), {}, { onState: (state) => told.push(state) });
    line.unplug();
    await vi.advanceTimersByTimeAsync(1000);
    expect(told).toEqual([
      { kind: 'open' },
      {
        kind: 'unavailable',
        why: '/dev/rs485: the adapter was unplugged; plug it in again; it is reopened by itself',
      },
      { kind: 'back' },
    ]);
    line.hear(READ);
    expect(line.said()).toEqual([READ_REPLY]);
  });
  // 22, a port that is missing at start, needs the real door: see ports.test.ts.
});
