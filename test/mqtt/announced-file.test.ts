// The id of a gateway stays, and what its broker was told to keep is remembered.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { wholeFile } from '../../src/history/whole-file.ts';
import { type AnnouncedFile, announcedFile } from '../../src/mqtt/announced-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bmsgate-announced-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const said: string[] = [];
const say = (sentence: string) => void said.push(sentence);
/** Opens it, and does this with it, until it lies on the disk. */
const open = async (machine = 'aaaa', act: (file: AnnouncedFile) => void = () => {}) => {
  said.length = 0;
  const path = join(folder, 'state', 'mqtt.json');
  writeFileSync(join(folder, 'machine-id'), `${machine}\n`);
  const { keep, settled } = wholeFile(path, { loss: 'it is lost', report: say });
  const file = announcedFile(path, { say, write: keep, machineIdFile: join(folder, 'machine-id') });
  act(file);
  await settled();
  return file;
};

describe('the file of what was announced', () => {
  test('gives a gateway one id for ever, also on another machine', async () => {
    const { gatewayId } = await open('aaaa');
    expect(gatewayId).toMatch(/^[0-9a-f]{8}$/);
    expect((await open('bbbb')).gatewayId).toBe(gatewayId);
    expect(said).toEqual([]);
  });

  test('that is lost leaves the id of the machine, which is not told to anybody', async () => {
    const nowhere = { say, write: () => {}, machineIdFile: join(folder, 'none') };
    const machine = 'b08dfa6083e7567a1921a715000001fb';
    const { gatewayId } = await open(machine);
    rmSync(join(folder, 'state'), { recursive: true });
    expect((await open(machine)).gatewayId).toBe(gatewayId);
    expect(machine).not.toContain(gatewayId);
    expect(announcedFile(undefined, nowhere).gatewayId).toMatch(/^[0-9a-f]{8}$/);
  });

  test('keeps what lies at the broker', async () => {
    const announced = { devices: { 'a/config': { soc: 'sensor' } }, availability: ['a/availability'] };
    await open('aaaa', ({ keep }) => keep(announced));
    expect((await open()).known()).toEqual(announced);
  });

  test.each([
    ['half a file', '{"gatewayId":"12345678","devi'],
    ['nothing, as a power cut leaves it,', ''],
    ['another file', '[1, 2]'],
    ['numbers in it', '{"gatewayId":7,"devices":{"a":{"b":1}},"availability":[3]}'],
  ])('with %s in it is one in which nothing is known, and says so', async (_, text) => {
    await open();
    writeFileSync(join(folder, 'state', 'mqtt.json'), text);
    expect((await open()).known()).toEqual({ devices: {}, availability: [] });
    expect(said).toEqual([expect.stringMatching(/mqtt\.json was spoiled and is made anew; if /)]);
    expect(JSON.parse(readFileSync(join(folder, 'state', 'mqtt.json'), 'utf8')).gatewayId).toMatch(
      /^[0-9a-f]{8}$/,
    );
  });

  test('on a disk that does not take it is told of once', async () => {
    writeFileSync(join(folder, 'state'), 'no folder');
    await open('aaaa', ({ keep }) => {
      keep({ devices: { a: {} }, availability: [] });
      keep({ devices: { b: {} }, availability: [] });
    });
    expect(said.filter((text) => /mqtt\.json cannot be written \(.*\): it is lost$/.test(text))).toHaveLength(
      1,
    );
  });
});
