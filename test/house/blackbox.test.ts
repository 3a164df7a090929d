// An alarm in the battery room, kept by the whole gateway, and played again: what the wires told comes out once more, byte by byte.
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { told } from './room.ts';
import { site } from './site.ts';
import { until } from './until.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
const bmsgate = (...args: string[]) =>
  run(process.execPath, [join(root, 'src/main.ts'), ...args], { maxBuffer: 1e9 }).then(
    ({ stdout }) => ({ status: 0, output: stdout }),
    (error) => ({ status: Number(error.code), output: `${error.stdout}${error.stderr}` }),
  );

/** A master of its own: its requests and the PDUs of its answers, as they lay on the wire. */
function ownMaster(port: number) {
  const socket = connect(port, '127.0.0.1').setNoDelay();
  const answers: string[] = [];
  let bytes = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= 6 && bytes.length >= 6 + bytes.readUInt16BE(4)) {
      const end = 6 + bytes.readUInt16BE(4);
      answers.push(bytes.subarray(7, end).toString('hex'));
      bytes = bytes.subarray(end);
    }
  });
  return {
    answers,
    /** The whole map of the generic profile from 0x0100 on. */
    ask: () => socket.write(Buffer.from([0, 9, 0, 0, 0, 6, 1, 3, 1, 0, 0, 0x12])),
    close: () => socket.destroy(),
  };
}

describe('a black box', { timeout: 300_000 }, () => {
  test('of an alarm gives the limits and the registers as they were on the wires', async (context) => {
    const here = await site(context, {});
    await here.isFresh();
    const master = ownMaster(here.port);
    context.onTestFinished(() => void master.close());
    const ask = async (times: number) => {
      for (let i = 0; i < times; i++) {
        master.ask();
        await rest(100);
      }
    };
    await ask(30);
    const shorted = { ...told.a, alarms: ['short_circuit' as const] };
    here.room.units.a.answerWith((request) => jbdAnswer(shorted, request));
    await here.gateway().hears(/bank: alarm alarm=short_circuit/, 20_000);
    await ask(100);
    here.gateway().signal('SIGTERM');
    await here.gateway().exited;

    const folder = join(here.folder, 'state', 'blackbox');
    const name = await until('the box', 5000, () => readdirSync(folder).find((n) => n.endsWith('.jsonl')));
    const path = join(folder, name);
    const { status, output } = await bmsgate('replay', path);
    expect(output).toMatch(/Protection at 20\S+Z/);
    expect(output).toMatch(/^evaluations: all \d+ as they were$/m);
    expect(output).toMatch(/^answers to ems: all \d+ as they were$/m);
    const [, same, all] =
      /^samples: (\d+) of (\d+) come out of the raw bytes as they were$/m.exec(output) ?? [];
    // Of the first of each battery a part may lie before the beginning.
    expect(Number(all) - Number(same)).toBeLessThanOrEqual(4);
    expect(Number(same)).toBeGreaterThan(30);
    expect(status).toBe(0);

    const wires = await bmsgate('replay', path, '--wires');
    const played = wires.output
      .split('\n')
      .flatMap((line) => / ems unit 1 0301000012 > (\w+)$/.exec(line)?.[1] ?? []);
    expect(master.answers.length).toBeGreaterThan(100);
    // Another master asks the same; what ours heard is among it, in its order.
    let at = 0;
    for (const answer of master.answers.slice(-100)) {
      at = played.indexOf(answer, at) + 1;
      expect(at, `${answer} is played`).toBeGreaterThan(0);
    }
  });
});
