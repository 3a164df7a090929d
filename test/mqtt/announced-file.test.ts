// The id of a gateway stays, and what its broker was told to keep is remembered.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { announcedFile } from '../../src/mqtt/announced-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bmsgate-announced-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const said: string[] = [];
const open = (machine = 'aaaa', path: string | undefined = join(folder, 'state', 'mqtt.json')) => {
  writeFileSync(join(folder, 'machine-id'), `${machine}\n`);
  return announcedFile(path, (sentence) => said.push(sentence), join(folder, 'machine-id'));
};

describe('the file of what was announced', () => {
  test('gives a gateway one id for ever, also on another machine', () => {
    const { gatewayId } = open('aaaa');
    expect(gatewayId).toMatch(/^[0-9a-f]{8}$/);
    expect(open('bbbb').gatewayId).toBe(gatewayId);
  });

  test('that is lost leaves the id of the machine, which is not told to anybody', () => {
    const first = announcedFile(undefined, () => {}, join(folder, 'none'));
    const machine = 'b08dfa6083e7567a1921a715000001fb';
    const { gatewayId } = open(machine);
    rmSync(join(folder, 'state'), { recursive: true });
    expect(open(machine).gatewayId).toBe(gatewayId);
    expect(machine).not.toContain(gatewayId);
    expect(first.gatewayId).toMatch(/^[0-9a-f]{8}$/);
  });

  test('keeps what lies at the broker', () => {
    const announced = { devices: { 'a/config': { soc: 'sensor' } }, availability: ['a/availability'] };
    open().keep(announced);
    expect(open().known()).toEqual(announced);
  });

  test.each([
    ['half a file', '{"gatewayId":"12345678","devi'],
    ['another file', '[1, 2]'],
    ['numbers in it', '{"gatewayId":7,"devices":{"a":{"b":1}},"availability":[3]}'],
  ])('with %s in it is one in which nothing is known', (_, text) => {
    open();
    writeFileSync(join(folder, 'state', 'mqtt.json'), text);
    expect(open().known()).toEqual({ devices: {}, availability: [] });
    expect(JSON.parse(readFileSync(join(folder, 'state', 'mqtt.json'), 'utf8')).gatewayId).toMatch(
      /^[0-9a-f]{8}$/,
    );
  });

  test('on a disk that does not take it is told of once', () => {
    said.length = 0;
    writeFileSync(join(folder, 'state'), 'no folder');
    const { keep } = open();
    keep({ devices: { a: {} }, availability: [] });
    keep({ devices: { b: {} }, availability: [] });
    expect(said).toEqual([
      expect.stringMatching(/mqtt\.json cannot be written \(.*\): Home Assistant may keep what is no more$/),
    ]);
  });
});
