import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { reading } from '../bank/room.ts';
import { tapedHouse } from '../blackbox/taped-house.ts';
import { finished } from './program.ts';

let text = '';
let frames: readonly string[] = [];

beforeAll(() => {
  const house = tapedHouse('profile: pylontech-lv, can: can0');
  for (let second = 0; second < 90; second++) {
    const isFull = second > 70;
    const cellVoltagesV = Array.from({ length: 16 }, (_, i) => (i === 6 && isFull ? 3.66 : 3.35));
    house.speak({ ...reading(), cellVoltagesV, ...(isFull && { alarms: ['cell_high_voltage'] }) });
    house.until(house.clock() + 1000);
  }
  text = house.box();
  ({ frames } = house);
});

function fileOf(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-replay-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'box.jsonl');
  writeFileSync(path, content);
  return path;
}

describe('bmsgate replay of a black box', { timeout: 300_000 }, () => {
  test('says that all is told now as it was told then', async (context) => {
    const { status, output } = await finished(context, 'replay', fileOf(text));
    expect(output).toMatch(/^evaluations: all \d+ as they were$/m);
    expect(output).toMatch(/^frames on can0: all \d+ as they were$/m);
    expect(output).toMatch(/^states in between: all \d+ as they were$/m);
    expect(status).toBe(0);
  });

  test('names what is told otherwise now, with its line and its moment', async (context) => {
    let was = 0;
    const changed = text.replace(/(?<=\["evaluated",[\d.]+,\d+,"fresh",\[)[\d.]+/, (chargeA) => {
      was = Number(chargeA);
      return String(was + 1);
    });
    expect(changed).not.toBe(text);
    const path = fileOf(changed);
    const { status, output } = await finished(context, 'replay', path);
    expect(output).toMatch(/^evaluations: 1 of \d+ are others now$/m);
    expect(output).toMatch(
      new RegExp(
        `^${path}:\\d+:1: evaluations: at [\\d.]+ s this was told: .*\\[${was + 1},.*; now it would be: .*\\[${was},`,
        'm',
      ),
    );
    expect(status).toBe(1);
  });

  test('prints every frame with `--wires`, and the limits with `--explain`', async (context) => {
    const path = fileOf(text);
    const wires = await finished(context, 'replay', path, '--wires');
    const printed = wires.output
      .trimEnd()
      .split('\n')
      .map((line) => line.trim().split(' ').slice(1).join(' '));
    expect(printed.length).toBeGreaterThan(100);
    expect(printed).toEqual(frames.slice(-printed.length).map((frame) => `can0 ${frame}`));
    const { output } = await finished(context, 'replay', path, '--explain');
    expect(output).toMatch(/^ *0:01:\d\d +fresh/m);
    expect(output).toContain('+ alarm cell_high_voltage');
  });

  test.each<[string, (whole: string) => string, RegExp]>([
    [
      'that was cut off',
      (t) => t.slice(0, -20),
      /^\S+:\d+:1: is cut off: the file was not copied as a whole; copy it once more/,
    ],
    [
      'that is damaged',
      (t) => t.replace('["say"', '["sa'),
      /^\S+:\d+:1: is damaged: it is no line of a black box; copy the file once more from the gateway\n$/,
    ],
    [
      'that makes no sense',
      (t) => t.replace('"strings":', '"strinks":'),
      /^\S+ cannot be played \(.*\): it is damaged, or of a version that this program does not know\n$/m,
    ],
  ])('%s is one clear sentence', async (_, change, said) => {
    const { status, output } = await finished({ onTestFinished } as never, 'replay', fileOf(change(text)));
    expect(output).toMatch(said);
    expect(status).toBe(1);
  });

  test('takes no bank of its own', async (context) => {
    const path = fileOf(text);
    const { status, output } = await finished(context, 'replay', path, '--config', 'gateway.yaml');
    expect([status, output]).toEqual([
      1,
      `${path} is a black box and brings all that it needs; leave out \`--config\`\n`,
    ]);
  });
});
