// The serial profiles as a person tries them: `encode` on paper, `emulate` on a line with a raw master at its other end.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, type TestContext, test } from 'vitest';
import { fromHex, toHex } from '../../src/bytes/hex.ts';
import { openSerial } from '../../src/modbus/serial.ts';
import { asciiText, readAscii } from '../../src/profile/serial/ascii-frame.ts';
import { kinds, kostalFrame, readKostal } from '../../src/profile/serial/kostal-frame.ts';
import { until } from '../house/until.ts';
import { named, noSocat, ptyPair } from '../modbus/wires.ts';
import { bmsgate, finished } from './program.ts';

const bench = mkdtempSync(join(tmpdir(), 'serial-codecs-'));
function stateFile(name: string, state: object): string {
  const path = join(bench, name);
  writeFileSync(path, JSON.stringify(state));
  return path;
}

const bank = {
  soc_pct: 76,
  voltage_V: 52.8,
  current_A: -12.5,
  temperature_C: 23.5,
  charge_voltage_limit_V: 56.8,
  discharge_voltage_limit_V: 44.8,
  charge_current_limit_A: 5,
  discharge_current_limit_A: 4,
  max_cell_voltage_V: 3.305,
  min_cell_voltage_V: 3.297,
  max_cell_temperature_C: 24.1,
  min_cell_temperature_C: 22.8,
  nominal_voltage_V: 51.2,
  capacity_Ah: 280,
  remaining_capacity_Ah: 212.8,
  cell_voltages_V: [3.297, 3.305, 3.3],
  temperatures_C: [23.5, 24.1],
};
const state = stateFile('bank.json', bank);

const encoded = async (context: TestContext, profile: string, ...more: string[]) =>
  (await finished(context, 'encode', '--profile', profile, '--state', state, ...more)).output;

const answersOf = async (context: TestContext, profile: string): Promise<Record<string, string>> =>
  JSON.parse(await encoded(context, profile, '--json')).answers;

describe('bmsgate encode', { timeout: 300_000, concurrent: true }, () => {
  test('shows the answers of a Pylontech battery as they stand on the wire, by command', async (context) => {
    const text = await encoded(context, 'pylontech-rs485', '--json');
    expect(text).toMatch(/^\{"frames":\[\],"registers":\{\},"answers":\{"42":"~2002/);
    const { answers } = JSON.parse(text);
    expect(answers['63']).toBe('~20024600D012DDE0AF0000320028C0F9B5');
    expect(text.indexOf('"4F"')).toBeLessThan(text.indexOf('"51"'));
    const lines = (await encoded(context, 'pylontech-rs485')).trimEnd().split('\n');
    expect(lines).toEqual(
      Object.entries(answers)
        .toSorted()
        .map(([name, frame]) => `${name} ${frame}`),
    );
  });

  test('shows the frames of a Kostal battery as hex', async (context) => {
    const answers = await answersOf(context, 'kostal-byd');
    expect(Object.keys(answers)).toEqual(['084A', '044A', '0353']);
    expect(answers['0353']).toBe('08E2FF02FF2906EF00');
  });

  test('names what the profile requires and the state lacks', async (context) => {
    const half = stateFile('half.json', { soc_pct: 50 });
    const told = await finished(context, 'encode', '--profile', 'kostal-byd', '--state', half);
    expect(told).toEqual({ status: 1, output: expect.stringContaining('lacks `nominal_voltage_V`') });
  });

  test('a lost bank is told by silence', async (context) => {
    const lost = stateFile('lost.json', { ...bank, freshness: 'lost' });
    const { output } = await finished(context, 'encode', '--profile', 'pylontech-rs485', '--state', lost);
    expect(output).toBe('a lost bank is told by silence in this profile\n');
  });
});

/** A battery on a line, and a master that sends bytes and collects what comes back. */
async function onLine(context: TestContext, profile: string, baud: number) {
  const pty = await ptyPair();
  context.onTestFinished(pty.remove);
  const args = ['--profile', profile, '--state', state, '--serial', pty.slave, '--for', '1m'];
  const program = bmsgate(context, 'emulate', ...args);
  await program.prints(/ open line=/);
  const line = await openSerial({ path: pty.master, baud });
  context.onTestFinished(() => line.close());
  let heard = Buffer.alloc(0);
  line.listen({
    onBytes(bytes) {
      heard = Buffer.concat([heard, bytes]);
    },
    onGone: () => {},
  });
  /** Sends; gives everything up to and with the byte that ends an answer. */
  async function ask(question: Uint8Array, end: number): Promise<Buffer> {
    heard = Buffer.alloc(0);
    line.send(question, () => {});
    await until('an answer', 5000, () => heard.includes(end) || undefined);
    return heard;
  }
  return { program, ask };
}

describe('bmsgate emulate on a serial line', { timeout: 300_000, concurrent: true }, () => {
  test.skipIf(noSocat)(
    named('answers every command of the Pylontech profile with the bytes of `encode`', noSocat),
    async (context) => {
      const answers = await answersOf(context, 'pylontech-rs485');
      const { ask, program } = await onLine(context, 'pylontech-rs485', 9600);
      const read = async (cid2: number, ver = '20') => {
        const question = asciiText({ ver, adr: 2, cid1: 0x46, cid2, info: '02' });
        return (await ask(Buffer.from(question, 'latin1'), 0x0d)).toString('latin1').trimEnd();
      };
      for (const [name, frame] of Object.entries(answers))
        expect(await read(Number.parseInt(name, 16))).toBe(frame);
      expect(Object.keys(answers)).toHaveLength(12);
      expect(await read(0x94)).toBe('~200246040000FDAE');
      expect(readAscii((await read(0x63, '25')).slice(1))).toMatchObject({ ver: '25', cid2: 0 });
      expect(program.output()).toContain('inverter heard');
    },
  );

  test.skipIf(noSocat)(
    named('goes through the talk of the Kostal profile to the bytes of `encode`', noSocat),
    async (context) => {
      const answers = await answersOf(context, 'kostal-byd');
      const { ask } = await onLine(context, 'kostal-byd', 57_600);
      const send = async (kind: number, ...content: number[]) =>
        ask(kostalFrame({ kind, content: Uint8Array.from(content) }), 0);
      const hex = (bytes: Uint8Array) => toHex(bytes, '').toUpperCase();
      expect(hex(await send(kinds.read, 0x4a, 0x08))).toBe(answers['084A']);
      expect(hex(await send(kinds.write, 0x5e, 0x00))).toBe('07E3FF02FF29F400');
      expect(hex(await send(kinds.read, 0x53, 0x03))).toBe(answers['0353']);
      const cyclic = [];
      for (let i = 0; i < 8; i++) cyclic.push(readKostal(await send(kinds.read, 0x4a, 0x04))?.content);
      expect(cyclic.map((content) => content?.[50])).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
      expect(cyclic.at(-1)).toEqual(readKostal(fromHex(answers['044A'] ?? '') ?? new Uint8Array())?.content);
    },
  );

  test.for<[string, readonly string[], string]>([
    [
      'pylontech-rs485',
      ['--tcp', '1502'],
      'profile `pylontech-rs485` speaks pylontech-ascii: add --serial PATH',
    ],
    ['kostal-byd', ['--can', 'can0'], 'profile `kostal-byd` speaks kostal: add --serial PATH'],
    ['kostal-byd', [], 'profile `kostal-byd` speaks kostal: add --serial PATH'],
  ])('refuses %s with %s in one sentence', async ([profile, wire, sentence], context) => {
    const told = await finished(context, 'emulate', '--profile', profile, '--state', state, ...wire);
    expect(told).toEqual({ status: 1, output: `${sentence}\n` });
  });
});
