// The whole gateway with a master on a real line, and its numbers as Prometheus would read them.
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { describe, expect, type TestContext, test } from 'vitest';
import { connectMaster } from '../../src/modbus/master.ts';
import { named, noMbpoll, type PtyPair, ptyPair, run } from '../modbus/wires.ts';
import { readPage, toldBy } from '../web/exposition.ts';
import { childrenOf } from './process.ts';
import { freePort, type Site, site } from './site.ts';
import { until } from './until.ts';

const UNIT = 2;
const READS = 40;
const REFUSED = 5;
const DAMAGED = 4;

/** A gateway with a line for one more inverter, and `/metrics`. */
async function metered(context: TestContext) {
  const [line, port] = await Promise.all([ptyPair(), freePort()]);
  context.onTestFinished(line.remove);
  const here = await site(context, {
    freshness: '{ late: 4s, ramp: 1s }',
    inverters: [`{ id: rack, profile: generic-modbus, serial: ${line.slave}, baud: 9600, unit: ${UNIT} }`],
    more: `metrics: { listen: 127.0.0.1:${port} }`,
  });
  const page = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
    return response?.status === 200 ? readPage(await response.text()) : undefined;
  };
  return { here, line, page };
}

async function askAsModbusSerial({ master: path }: PtyPair): Promise<void> {
  const master = await connectMaster({ bus: { path, baud: 9600 }, unit: UNIT, timeoutMs: 5000 });
  for (let i = 0; i < READS; i++) await master.read('holding', 0x0100, 0x12);
  for (let i = 0; i < REFUSED; i++)
    await expect(master.read('holding', 0x0400, 4)).rejects.toThrow(/exception 2/);
  await master.close();
}

const askAsMbpoll = ({ master }: PtyPair) =>
  run('mbpoll', [
    '-0',
    '-1',
    '-q',
    '-o',
    '10',
    '-m',
    'rtu',
    '-b',
    '9600',
    '-P',
    'none',
    '-a',
    `${UNIT}`,
    '-t',
    '3',
    '-r',
    '256',
    '-c',
    '3',
    master,
  ]);

/** Whole requests with a wrong checksum, each when the one before was counted. */
async function askDamaged(
  { master }: PtyPair,
  isCounted: (count: number) => Promise<unknown>,
): Promise<void> {
  const port = openSync(master, constants.O_WRONLY | constants.O_NOCTTY);
  for (let i = 1; i <= DAMAGED; i++) {
    writeSync(port, Uint8Array.of(UNIT, 3, 1, 0, 0, 0x12, 0xff, 0xff));
    await isCounted(i);
  }
  closeSync(port);
}

const officeOf = ({ gateway }: Site) =>
  childrenOf(gateway().pid).find(({ command }) => command.includes('office.ts'))?.pid;

describe('the numbers of a whole gateway', { timeout: 300_000 }, () => {
  test.skipIf(noMbpoll)(named('are those of its masters, to the last request', noMbpoll), async (context) => {
    const { here, line, page } = await metered(context);
    await here.isFresh();
    await askAsModbusSerial(line);
    await askAsMbpoll(line);
    const rtu = { wire: line.slave, kind: 'rtu' };
    const counted = (damaged: number) =>
      until(`${damaged} damaged frames on the page`, 20_000, async () => {
        const now = await page();
        return now && toldBy(now, 'bmsgate_wire_crc_errors_total', rtu) === damaged && now;
      });
    await askDamaged(line, counted);
    const seen = await counted(DAMAGED);
    const told = (name: string, labels = {}) => toldBy(seen, `bmsgate_wire_${name}`, { ...rtu, ...labels });

    const all = READS + REFUSED + 1;
    const counters = [
      'requests',
      'answers',
      'exceptions',
      'resync_bytes',
      'foreign_frames',
      'dropped_answers',
    ];
    expect(counters.map((name) => told(`${name}_total`))).toEqual([all, all, REFUSED, 8 * DAMAGED, 0, 0]);
    const range = (code: number, first: string) =>
      ['asked', 'refused'].map((what) =>
        told(`range_${what}_total`, { unit: `${UNIT}`, function: `${code}`, first }),
      );
    expect([range(3, '0x0100'), range(3, '0x0400'), range(4, '0x0100')]).toEqual([
      [READS, 0],
      [REFUSED, REFUSED],
      [1, 0],
    ]);
    expect(told('answer_seconds_count')).toBe(all);
    // 3.5 characters at 9600 baud are waited before each answer.
    expect(told('answer_seconds_bucket', { le: '0.003' })).toBe(0);
    // Who asks for what there is not is not told what it may do.
    expect(toldBy(seen, 'bmsgate_inverter_heard_total', { inverter: 'rack' })).toBe(all - REFUSED);
    expect(toldBy(seen, 'bmsgate_bank_voltage_volts')).toBeCloseTo(52.78, 2);
    expect(toldBy(seen, 'bmsgate_bank_freshness', { freshness: 'fresh' })).toBe(1);

    const { hears } = here.gateway();
    await hears(
      /asks unit 2 for holding registers 0x0400 to 0x0403, which its profile does not have/,
      10_000,
    );
    await hears(/(3 of 49|4 of 50) frames on \S+ in the last minute were damaged; check A\/B/, 10_000);
  });

  test('tell no measurement of a bank that is stale, and are back after the office was killed', async (context) => {
    const { here, page } = await metered(context);
    await here.isFresh();
    await until('the bank on the page', 10_000, async () =>
      (await page())?.has('bmsgate_bank_voltage_volts'),
    );
    here.room.hideAll();
    const stale = await until('a page of a stale bank without any measured battery', 20_000, async () => {
      const now = await page();
      return (
        now &&
        toldBy(now, 'bmsgate_bank_freshness', { freshness: 'stale' }) === 1 &&
        !now.has('bmsgate_battery_voltage_volts') &&
        now
      );
    });
    expect(stale.has('bmsgate_bank_voltage_volts')).toBe(false);
    expect(stale.has('bmsgate_bank_charge_current_limit_amperes')).toBe(true);

    process.kill(officeOf(here) ?? -1, 'SIGKILL');
    await until('the office counted as replaced', 20_000, async () => {
      const now = await page();
      return now && toldBy(now, 'bmsgate_process_restarts_total', { process: 'office' }) === 1;
    });
  });
});
