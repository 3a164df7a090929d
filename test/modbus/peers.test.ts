// Masters of other people on real wires: mbpoll, modbus-serial and pymodbus, over a PTY pair and over TCP.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectMaster, type Master } from '../../src/modbus/master.ts';
import { serveRtu } from '../../src/modbus/rtu.ts';
import { serveTcp } from '../../src/modbus/tcp.ts';
import { genericBattery } from './battery.ts';
import { named, noMbpoll, noPymodbus, noSocat, type PtyPair, ptyPair, run, stateQueue } from './wires.ts';

const battery = genericBattery();
const slaves = new Map([[1, battery]]);
const pymodbus = `${import.meta.dirname}/pymodbus-master.py`;

let wires: PtyPair | undefined;
let port = 0;
const stops: (() => void | Promise<void>)[] = [];

beforeAll(async () => {
  const tcpStates = stateQueue();
  const tcp = serveTcp({ host: '127.0.0.1', port: 0 }, slaves, { onState: tcpStates.onState });
  stops.push(tcp.close);
  await tcpStates.next();
  port = tcp.port() ?? 0;
  if (noSocat) return;
  wires = await ptyPair();
  const rtuStates = stateQueue();
  const rtu = serveRtu({ path: wires.slave, baud: 9600 }, slaves, { onState: rtuStates.onState });
  stops.push(wires.remove, rtu.close);
  await rtuStates.next();
});
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

const path = () => wires?.master ?? '';

/** `mbpoll` counts registers from 1 unless told `-0`, and prints `[256]: 	76`. */
async function mbpoll(...args: string[]): Promise<Record<string, number>> {
  const { stdout } = await run('mbpoll', ['-0', '-1', '-q', '-o', '10', '-a', '1', ...args]);
  return Object.fromEntries(
    [...stdout.matchAll(/^\[(\d+)\]:\s+(\d+)/gm)].map(([, at = '', value]) => [at, Number(value)]),
  );
}

const ways = [
  ['RTU', noSocat, noMbpoll, noPymodbus],
  ['TCP', undefined, noMbpoll, noPymodbus],
] as const;

describe.each(ways)('over %s', (way, noWire, noPoll, noPython) => {
  const rtu = way === 'RTU';
  const pollWire = () =>
    rtu ? ['-m', 'rtu', '-b', '9600', '-P', 'none'] : ['-m', 'tcp', '-p', String(port)];
  const pollEnd = () => (rtu ? path() : '127.0.0.1');

  test.skipIf(noPoll)(named('mbpoll reads the core triple and writes a register', noPoll), async () => {
    const read = await mbpoll(...pollWire(), '-t', '4', '-r', '256', '-c', '3', pollEnd());
    expect(read).toEqual({ 256: 76, 257: 528, 258: 65411 });
    await mbpoll(...pollWire(), '-t', '4', '-r', '390', pollEnd(), '4660');
    expect(battery.image[0x86]).toBe(0x1234);
  });

  test.skipIf(noPoll)(named('mbpoll is told that a register is not there', noPoll), async () => {
    const refused = mbpoll(...pollWire(), '-t', '4', '-r', '392', '-c', '1', pollEnd());
    await expect(refused).rejects.toThrow(/Illegal data address/i);
  });

  test.skipIf(noPython)(named('pymodbus reads, writes, and is refused', noPython), async () => {
    const { stdout } = await run('/usr/bin/python3', [
      pymodbus,
      way.toLowerCase(),
      rtu ? path() : String(port),
    ]);
    expect(JSON.parse(stdout)).toEqual({
      core: [76, 528, 65411],
      cells: [3297, 3305, 0x0107, 0x020c, 228, 241, 0x0101, 0x0202],
      written: true,
      back: [7, 9],
      past: 2,
    });
  });

  describe.skipIf(noWire)(named('modbus-serial', noWire), () => {
    let master: Master | undefined;
    const bus = () => (rtu ? { path: path(), baud: 9600 } : { host: '127.0.0.1', port });
    beforeAll(async () => {
      master = await connectMaster({ bus: bus(), unit: 1, timeoutMs: 20_000 });
    });
    afterAll(() => master?.close());

    test('reads both tables, and writes one register and several', async () => {
      await master?.write(0x180, [255]);
      await master?.write(0x184, [528, 0xff83]);
      expect(await master?.read('holding', 0x180, 6)).toEqual(
        [255, 2, 0, 0, 528, 0xff83].with(1, battery.image[0x81] ?? 0),
      );
      expect(await master?.read('input', 0x100, 2)).toEqual([76, 528]);
    });

    test('asks one thing after the other, however many ask at once', async () => {
      const asked = Array.from({ length: 10 }, (_, i) => master?.read('holding', 0x100 + i, 1));
      expect((await Promise.all(asked)).flat()).toEqual([...battery.image.slice(0, 10)]);
    });

    test('says in one sentence that a register is not there', async () => {
      await expect(master?.read('holding', 0x188, 1)).rejects.toThrow(
        /^unit 1 on .* answered exception 2, illegal data address: it has no such register, or may not be written there$/,
      );
    });

    test('says in one sentence that a unit does not answer, and goes on with the next question', async () => {
      await master?.close();
      master = await connectMaster({ bus: bus(), unit: 1, timeoutMs: 1000 });
      battery.mood = () => 'silent';
      const silent = master.read('holding', 0x100, 1);
      await expect(silent).rejects.toThrow(/^unit 1 on .* did not answer within 1000 ms; check the unit id/);
      battery.mood = () => 'answer';
      expect(await master.read('holding', 0x100, 1)).toEqual([76]);
    });
  });
});
