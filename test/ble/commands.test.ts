// The commissioning commands as an installer types them, against units on the virtual air.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jbd } from '../../src/bms/jbd.ts';
import { jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { transcribe } from '../../src/bms/transcript.ts';
import { parseCapture } from '../../src/bytes/capture.ts';
import { toHex } from '../../src/bytes/hex.ts';
import { Air } from '../rig/air.js';
import { jbdPeripheral, type PeripheralOptions } from '../rig/jbd-peripheral.mts';
import { pack } from './room.ts';

const root = join(import.meta.dirname, '..', '..');
const dir = mkdtempSync(join(tmpdir(), 'bmsgate-air-'));
const air = new Air(5);

const onAir = (n: number, options: PeripheralOptions) =>
  jbdPeripheral((heard) => {
    const host = air.attach(n, heard);
    return { write: (packet) => host.packet(packet) };
  }, options);

/** Characteristics that no driver knows. */
const strangeGatt = { service: 0xabc0, notify: 0xabc1, write: 0xabc2 };
/** Everything that was ever written to the strange unit. */
const written: string[] = [];
let chatter: NodeJS.Timeout;

beforeAll(async () => {
  await air.listen(dir);
  for (const n of [1, 2]) onAir(n, { name: `JBD-${n}`, unit: (request) => jbdAnswer(pack, request) });
  const unit = (request: Uint8Array) => {
    written.push(toHex(request));
    return jbdAnswer(pack, request);
  };
  const strange = onAir(3, { name: 'strange', gatt: strangeGatt, unit });
  const cells =
    jbdAnswer(pack, jbd.dialects[0].requests({})[1]?.bytes ?? new Uint8Array()) ?? new Uint8Array();
  chatter = setInterval(() => strange.say(cells), 200);
  onAir(4, { name: 'deaf', gatt: strangeGatt, unit: () => undefined });
});

afterAll(() => {
  clearInterval(chatter);
  air.close();
  rmSync(dir, { recursive: true });
});

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const bmsgate = (...words: string[]): Promise<Outcome> => bmsgateIn(dir, ...words);

const bmsgateIn = (air: string, ...words: string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    const args = ['-r', join(root, 'test/rig/hci-unix.js'), join(root, 'src/main.ts'), ...words];
    const child = execFile(
      process.execPath,
      args,
      { env: { ...process.env, HCI_UNIX_DIR: air } },
      (_, out, err) => resolve({ code: child.exitCode, out, err }),
    );
  });

describe('at the battery room', { timeout: 300_000 }, () => {
  test('scan shows the units with the driver that matches', async () => {
    const { code, out } = await bmsgate('scan', '--for', '3s');
    expect(code).toBe(0);
    expect(out.trim().split('\n').sort()).toEqual([
      expect.stringMatching(/^02:00:00:00:00:01 +-50 dBm +jbd +JBD-1$/),
      expect.stringMatching(/^02:00:00:00:00:02 +-50 dBm +jbd +JBD-2$/),
    ]);
  });

  test('scan marks a name that several units have', async () => {
    const twins = mkdtempSync(join(tmpdir(), 'bmsgate-air-'));
    const other = new Air(3);
    await other.listen(twins);
    for (const n of [1, 2])
      jbdPeripheral(
        (heard) => {
          const host = other.attach(n, heard);
          return { write: (packet) => host.packet(packet) };
        },
        { name: 'JBD-TWIN', unit: () => undefined },
      );
    const { out } = await bmsgateIn(twins, 'scan', '--for', '3s');
    other.close();
    rmSync(twins, { recursive: true });
    expect(out.trim().split('\n')).toEqual(
      Array(2).fill(expect.stringMatching(/JBD-TWIN {2}\(several have this name: go by the address\)$/)),
    );
  });

  test('scan --json is JSON and nothing else', async () => {
    const { out } = await bmsgate('scan', '--for', '3s', '--json');
    expect(JSON.parse(out)).toContainEqual({
      address: '02:00:00:00:00:01',
      name: 'JBD-1',
      rssi_dBm: -50,
      bms: 'jbd',
      services: ['ff00'],
    });
  });

  for (const stack of ['stoprocent', 'abandonware'])
    test(`inspect shows characteristics and the driver (${stack})`, async () => {
      const { code, out } = await bmsgate('inspect', '02:00:00:00:00:02', '--stack', stack);
      expect(code).toBe(0);
      expect(out).toMatch(/service ff00\n +ff01 +read, notify\n +ff02 +writeWithoutResponse, write\n/);
      expect(out).toMatch('driver jbd: service ff00, notify ff01, write ff02');
    });

  test('inspect --listen prints what comes, and whose frames it can be, and writes nothing', async () => {
    const { code, out } = await bmsgate('inspect', '02:00:00:00:00:03', '--listen', '2s');
    expect(code).toBe(0);
    expect(out).toMatch('no driver fits');
    expect(out).toMatch(/\n +\d\.\d{3} {2}abc1 {2}dd 04 00 08 0c f0 0c f2 0c ee 0c f1 fc 07 77\n/);
    expect(out).toMatch(/\nabc1: (\d+) notifications, \d+ bytes; fits jbd \(\1 whole frames, \d+ bytes\)\n$/);
    expect(written).toEqual([]);
  });

  test('inspect --listen says when a unit does not speak by itself', async () => {
    const { code, out } = await bmsgate('inspect', '02:00:00:00:00:02', '--listen', '1s');
    expect([code, out]).toEqual([0, expect.stringMatching(/nothing was notified; .*add --try\n$/)]);
  });

  for (const stack of ['stoprocent', 'abandonware'])
    test(`inspect --try finds the characteristics by asking, and ends with the lines for gateway.yaml (${stack})`, async () => {
      written.length = 0;
      const { code, out } = await bmsgate('inspect', '02:00:00:00:00:03', '--try', '--stack', stack);
      expect(code).toBe(0);
      const question = 'abc2  dd a5 03 00 ff fd 77  (jbd, basic)';
      expect(out.indexOf(`until one is answered:\n  ${question}\n`)).toBeGreaterThan(0);
      expect(out).toContain(
        `\n${question}: answered by abc1\nfor this battery in gateway.yaml:\n    bms: jbd\n    service: "abc0"\n    notify: "abc1"\n    write: "abc2"\n`,
      );
      expect(new Set(written)).toEqual(new Set(['dd a5 03 00 ff fd 77']));
    });

  test('inspect --try says what to do when nobody answers', async () => {
    const { code, out, err } = await bmsgate('inspect', '02:00:00:00:00:04', '--try');
    expect([code, out]).toEqual([1, expect.stringContaining('(jbd, basic): no answer\n')]);
    expect(err).toMatch(/^no question was answered by a whole frame; .*docs\/captures\.md\)\n$/);
  });

  test('record writes a capture that decodes to what the unit said', async () => {
    const file = join(dir, 'unit.capture');
    const { code, out } = await bmsgate('record', '02:00:00:00:00:01', file, '--for', '6s');
    expect([code, out]).toEqual([0, expect.stringMatching(/holds \d+ complete samples/)]);
    const capture = parseCapture(readFileSync(file, 'utf8'));
    if ('message' in capture) throw new Error(capture.message);
    expect(capture.headers).toMatchObject({ bms: 'jbd', address: '02:00:00:00:00:01', name: 'JBD-1' });
    const parts = transcribe(jbd, capture.entries).said.map(({ answer }) => answer);
    expect(parts).toContainEqual({
      kind: 'part',
      part: 'cells',
      reading: { cellVoltagesV: pack.cellVoltagesV },
    });
    expect(capture.entries.every(({ seconds = -1 }) => seconds >= 0)).toBe(true);
    const replayed = await bmsgate('replay', file, '--explain');
    expect([replayed.code, replayed.out]).toEqual([
      0,
      expect.stringMatching(/ fresh +80\.0 +13\.24 +-5\.0 /),
    ]);
  });

  test('record never writes over a capture', async () => {
    const file = join(dir, 'kept.capture');
    writeFileSync(file, 'precious');
    const { code, err } = await bmsgate('record', '02:00:00:00:00:01', file);
    expect([code, err]).toEqual([1, `${file} is there already; choose another name\n`]);
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });

  test('an adapter that is not there is one sentence and leaves no file', async () => {
    const file = join(dir, 'never.capture');
    const { code, out, err } = await bmsgate('record', '02:00:00:00:00:01', file, '--adapter', 'hci9');
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^hci9: .+; .+\n$/);
    expect(existsSync(file)).toBe(false);
  });

  test.each([
    ['scan', '--for', 'soon'],
    ['inspect', 'the-left-one'],
    ['scan', '--stack', 'bluez'],
  ])('%s %s %s is refused with exit 2', async (...words) => {
    expect((await bmsgate(...words)).code).toBe(2);
  });
});
