// What happens in a whole gateway, from the battery that says it to the log, also past the end of the office.
import { describe, expect, test } from 'vitest';
import { jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { childrenOf } from './process.ts';
import { told } from './room.ts';
import { site } from './site.ts';
import { until } from './until.ts';

const officeOf = (pid: number): number | undefined =>
  childrenOf(pid).find(({ command }) => command.includes('office.ts'))?.pid;

describe('a protection of one battery', { timeout: 300_000 }, () => {
  test('is told when it begins and when it is over, and again to an office that is new', async (context) => {
    const { room, gateway, isFresh } = await site(context, { logs: true });
    await isFresh();
    const { hears, said, pid } = gateway();
    room.units.a.answerWith((request) => jbdAnswer({ ...told.a, alarms: ['short_circuit'] }, request));
    const begun = await hears(/bank: alarm alarm=short_circuit/, 20_000);
    await hears(/bank: charging blocked: protection short_circuit of a/, 30_000);

    const first = await until('the office', 10_000, () => officeOf(pid));
    process.kill(first, 'SIGKILL');
    const again = await hears(/office: the office goes on with what lasts events=\S*protection/, 30_000);
    expect(again.text).toMatch(/charge_blocked/);
    expect(said(/child_replaced|office ended \(SIGKILL\) and is replaced/)).toHaveLength(1);
    expect(said(/bank: alarm alarm=/)).toHaveLength(1);

    room.units.a.behave();
    const over = await hears(
      /bank: alarm gone alarm=short_circuit lastedS=[\d.]+ peak=-[\d.]+ of=current_A/,
      30_000,
    );
    const lastedS = Number(/lastedS=([\d.]+)/.exec(over.text)?.[1]);
    expect(lastedS).toBeCloseTo((over.atMs - begun.atMs) / 1000, 0);
    await hears(/bank: charging is possible again lastedS=/, 60_000);
  });
});
