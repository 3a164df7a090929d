import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { monotonicMs } from '../../src/model/freshness.ts';
import { isAlive } from '../house/process.ts';
import { freePort } from '../house/site.ts';
import { until } from '../house/until.ts';
import { named, noMbpoll, run } from '../modbus/wires.ts';
import { bmsgate, onTerminal } from './program.ts';

/** The first registers of the map, 0x0100 on, as mbpoll prints them. */
async function mbpoll(...args: readonly string[]): Promise<number[]> {
  const { stdout } = await run('mbpoll', [
    '-0',
    '-1',
    '-q',
    '-o',
    '10',
    '-a',
    '1',
    '-t',
    '4',
    '-r',
    '256',
    '-c',
    '16',
    ...args,
  ]);
  return [...stdout.matchAll(/^\[\d+\]:\s+(\d+)/gm)].map(([, value]) => Number(value));
}

const aBank = ([soc = 0, tenthsOfVolts = 0]: readonly number[]) => {
  expect(soc).toBeGreaterThan(50);
  expect(soc).toBeLessThan(70);
  expect(tenthsOfVolts).toBeGreaterThan(500);
  expect(tenthsOfVolts).toBeLessThan(560);
};

const here = async (): Promise<string> => `127.0.0.1:${await freePort()}`;

describe('bmsgate demo', { timeout: 300_000, concurrent: true }, () => {
  test.skipIf(noMbpoll)(
    named('is a battery to mbpoll, over TCP and on the serial line that it prints', noMbpoll),
    async (context) => {
      const port = await freePort();
      const demo = bmsgate(context, 'demo', '--tcp', `127.0.0.1:${port}`, '--web', await here());
      const [, pty = ''] = await demo.prints(/mbpoll -m rtu .* (\/\S+)\n/);
      await demo.prints(/bank fresh/);
      await demo.prints(/Modbus open line=\/tmp/);
      aBank(await mbpoll('-m', 'tcp', '-p', String(port), '127.0.0.1'));
      aBank(await mbpoll('-m', 'rtu', '-b', '9600', '-P', 'none', pty));
    },
  );

  test.skipIf(noMbpoll)(named('counts its heartbeat by one each second', noMbpoll), async (context) => {
    const port = await freePort();
    const demo = bmsgate(context, 'demo', '--tcp', `127.0.0.1:${port}`, '--web', await here());
    await demo.prints(/bank fresh/);
    const beat = async () => (await mbpoll('-m', 'tcp', '-p', String(port), '127.0.0.1'))[3] ?? Number.NaN;
    const fromMs = monotonicMs();
    const first = await beat();
    const second = await until('another beat', 3000, async () => {
      const now = await beat();
      return now !== first && now;
    });
    // A slow machine may look away for a beat, and never sees one too many.
    const passedS = (monotonicMs() - fromMs) / 1000;
    expect(second).toBeGreaterThan(first);
    expect(second).toBeLessThanOrEqual(first + 1 + passedS);
  });

  test('on a terminal says the bank once a second, and Ctrl-C ends it all: exit code 0, no child, no socat, no folder', async (context) => {
    const demo = onTerminal(context, 'demo', '--tcp', await here(), '--web', await here());
    const [, pty = ''] = await demo.prints(/mbpoll -m rtu .* (\/\S+)\s/);
    const status =
      /fresh {2}SoC \d\d\.\d % {2}5\d\.\d\d V {2}-?\d+\.\d A {2}charge ≤ [\d.]+ A \(.+\) {2}discharge ≤ [\d.]+ A \(.+\) {2}4\/4 packs {2}♥ (\d+)/;
    const [, beat = ''] = await demo.prints(status);
    // A busy machine may leave a line out.
    const beats = () => [...demo.output().matchAll(/♥ (\d+)/g)].map(([, no]) => Number(no));
    await until('two seconds more', 20_000, () => beats().some((no) => no >= Number(beat) + 2));
    const family = demo.family();
    expect(
      family
        .map(({ command }) => /socat|ear\.ts/.exec(command)?.[0])
        .filter(Boolean)
        .toSorted(),
    ).toEqual(['ear.ts', 'socat']);
    demo.type('\x03');
    expect(await demo.ended).toBe(0);
    await until('the family is gone', 5000, () => !family.some(({ pid }) => isAlive(pid)));
    expect(existsSync(dirname(pty))).toBe(false);
    expect(demo.output()).toContain('gateway stopped: inverters hear nothing more');
  });

  test.for(['SIGTERM', 'SIGHUP'] as const)('ends by %s just so', async (signal, context) => {
    const demo = bmsgate(context, 'demo', '--tcp', await here(), '--web', await here());
    await demo.prints(/bank fresh/);
    const family = demo.family();
    demo.signal(signal);
    expect(await demo.ended).toBe(0);
    await until('the family is gone', 5000, () => !family.some(({ pid }) => isAlive(pid)));
  });

  test('started again beside itself says one sentence about each port, and goes on', async (context) => {
    const [tcp, web] = [await here(), await here()];
    const start = () => bmsgate(context, 'demo', '--tcp', tcp, '--web', web);
    const first = start();
    await first.prints(/bank fresh/);
    await first.prints(/the page is served/);
    const second = start();
    for (const port of [tcp, web])
      await second.prints(
        new RegExp(
          `${port}.* the port is in use; stop the other program \\(sudo ss -ltnp shows it\\) or choose another port`,
        ),
      );
    await second.prints(/bank fresh/);
    await second.prints(/inverter is told the bank inverter=house/);
    expect(second.output().match(/the port is in use/g)).toHaveLength(2);
  });

  test('with an address that is none says so in one sentence', async (context) => {
    const demo = bmsgate(context, 'demo', '--tcp', '127.0.0.1:99999');
    expect(await demo.ended).toBe(1);
    expect(demo.output()).toMatch(/^demo:\d+:\d+: a port is 1 to 65535\n$/);
  });
});
