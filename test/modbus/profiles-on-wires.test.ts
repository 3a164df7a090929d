// Every register profile on a wire of its own: the program emulates the battery of its first example on a PTY, and masters of other
// people read it. Where the length of an answer is not that of Modbus, raw bytes go over the wire instead.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, type TestContext, test } from 'vitest';
import { fromHex } from '../../src/bytes/hex.ts';
import { toNames } from '../../src/model/signals.ts';
import { bmsgate } from '../commands/program.ts';
import { freePort } from '../house/site.ts';
import { profileText, shippedIds, taken } from '../profile/profiles.ts';
import { bytes, hex } from './battery.ts';
import { named, noMbpoll, noSocat, ptyPair, run } from './wires.ts';

const bench = mkdtempSync(join(tmpdir(), 'on-wires-'));

function firstExample(id: string): string {
  const [example] = taken(profileText(id)).examples;
  const state = join(bench, `${id}.json`);
  writeFileSync(state, JSON.stringify(toNames(example?.given ?? {})));
  return state;
}

/** The program as the battery of the profile's first example; returns the inverter's end of the wire. */
async function battery(context: TestContext, id: string, ...more: string[]): Promise<string> {
  const state = firstExample(id);
  const pty = await ptyPair();
  context.onTestFinished(pty.remove);
  const program = bmsgate(
    context,
    ...['emulate', '--profile', id, '--state', state, '--serial', pty.slave, '--live', '--for', '2m'],
    ...more,
  );
  await program.prints(/Modbus open/);
  return pty.master;
}

/** How `mbpoll` reaches a profile: the unit, its line, and a write before reading. */
const ways: Record<string, { unit: number; baud?: string; first?: string[]; options?: string[] }> = {
  'generic-modbus': { unit: 1 },
  'growatt-rs485': { unit: 1 },
  'byd-modbus': { unit: 21, first: ['-r', '400', '2'] },
  'voltronic-rs485': { unit: 1, options: ['--option', 'read_header=bytes8'] },
  'pace-modbus': { unit: 1 },
  'epever-rs485': { unit: 4, baud: '115200' },
  'sunspec-802': { unit: 1 },
};

/** Registers that do not stand still while the program runs: heartbeats and ages. */
const moving: Record<string, number[]> = {
  'generic-modbus': [0x0103, 0x0106],
  'sunspec-802': [40088],
};

const wordsOf = (text: string): number[] => {
  const data = fromHex(text) ?? new Uint8Array();
  return Array.from(
    { length: data.length >> 1 },
    (_, i) => (data[2 * i] ?? 0) * 256 + (data[2 * i + 1] ?? 0),
  );
};

test('every register profile is read on a wire', () => {
  const maps = shippedIds.filter((id) => taken(profileText(id)).modbus);
  expect(Object.keys(ways).toSorted()).toEqual(maps.toSorted());
});

describe.skipIf(noMbpoll)(named('mbpoll reads the first example of', noMbpoll), { timeout: 300_000 }, () => {
  test.for(Object.entries(ways))('%s', async ([id, way], context) => {
    const { unit, baud = '9600', first, options = [] } = way;
    const path = await battery(context, id, ...options);
    const mbpoll = async (args: string[], values: string[] = []) => {
      const line = ['-m', 'rtu', '-b', baud, '-P', 'none', '-0', '-1', '-q', '-o', '10', '-a', String(unit)];
      const { stdout } = await run('mbpoll', [...line, ...args, path, ...values]);
      return Object.fromEntries(
        [...stdout.matchAll(/^\[(\d+)\]:\s+(\d+)/gm)].map(([, at, v]) => [at, Number(v)]),
      );
    };
    if (first) await mbpoll(['-t', '4', ...first.slice(0, 2)], first.slice(2));
    const [example] = taken(profileText(id)).examples;
    let read = 0;
    for (const [place, text] of Object.entries(example?.then ?? {})) {
      const at = Number(place);
      if (id === 'byd-modbus' && at === 400) continue;
      const type = id === 'epever-rs485' && at < 0x9000 ? '3' : '4';
      const expected = wordsOf(text);
      const got = await mbpoll(['-t', type, '-r', String(at), '-c', String(expected.length)]);
      for (const [i, word] of expected.entries()) {
        if (moving[id]?.includes(at + i)) continue;
        expect(`${at + i}: ${got[at + i]}`).toBe(`${at + i}: ${word}`);
        read++;
      }
    }
    expect(read).toBeGreaterThan(10);
  });
});

/** Sends bytes and waits for as many as the answer has. */
async function exchange(path: string, ask: string, length: number): Promise<string> {
  const wire = await open(path, 'r+');
  try {
    await wire.write(bytes(ask));
    const answer = new Uint8Array(length);
    for (let got = 0; got < length; ) got += (await wire.read(answer, got, length - got, null)).bytesRead;
    return hex(answer);
  } finally {
    await wire.close();
  }
}

const raw: [id: string, options: string[], ask: string, answer: string][] = [
  ['voltronic-rs485', [], '01 03 00 10 00 01 85 CF', '01 03 00 01 00 10 15 C6'],
  ['voltronic-rs485', [], '01 03 00 30 00 06 C5 C7', '01 03 00 06 00 00 00 7D 02 10 00 4C 00 04 45 C0 FA 22'],
  [
    'voltronic-rs485',
    ['--option', 'read_header=bytes16'],
    '01 03 00 70 00 08 45 D7',
    '01 03 00 10 02 38 01 C0 03 E8 05 DC 00 C0 03 FD 00 03 3F 40 04 61',
  ],
  ['epever-rs485', [], '04 04 31 00 00 07 BF 61', '04 04 0E 00 10 14 A0 FB 1E FE 30 FF FE 01 18 00 4C 44 4C'],
];

describe.skipIf(noSocat)(named('raw bytes of the reference', noSocat), { timeout: 300_000 }, () => {
  test.for(raw)('%s %s: %s', async ([id, options, ask, answer], context) => {
    const path = await battery(context, id, ...options);
    expect(await exchange(path, ask, bytes(answer).length)).toBe(answer);
  });
});

test.skipIf(noMbpoll)(
  named('mbpoll finds a SunSpec battery over Modbus TCP', noMbpoll),
  { timeout: 300_000 },
  async (context) => {
    const port = String(await freePort());
    const emulate = ['emulate', '--profile', 'sunspec-802', '--state', firstExample('sunspec-802')];
    const program = bmsgate(context, ...emulate, '--tcp', port, '--live', '--for', '2m');
    await program.prints(/Modbus open/);
    const line = ['-m', 'tcp', '-p', port, '-0', '-1', '-q', '-o', '10', '-a', '1', '-t', '4', '127.0.0.1'];
    const { stdout } = await run('mbpoll', [...line, '-r', '40070', '-c', '12']);
    expect(stdout).toMatch(/\[40070\]:\s+802\n\[40071\]:\s+62\n/);
    expect(stdout).toMatch(/\[40081\]:\s+7600\n/);
  },
);
