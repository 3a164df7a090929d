// The whole gateway with a history, read by the command line of another process.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, type TestContext, test } from 'vitest';
import { finished } from '../commands/program.ts';
import { historyPath } from '../history/folder.ts';
import { childrenOf } from './process.ts';
import { type Site, site } from './site.ts';
import { until } from './until.ts';

const MINUTE_AND_MORE_MS = 90_000;

async function keeping(context: TestContext) {
  const path = historyPath(context);
  const here = await site(context, { more: `history: { path: ${path} }` });
  const config = join(here.folder, 'gateway.yaml');
  /** Rows as a spreadsheet reads them, by their names. */
  const rows = async (...more: string[]) => {
    const { status, output } = await finished(context, 'history', '--config', config, '--csv', ...more);
    if (status !== 0) throw new Error(output);
    const [head = '', ...lines] = output.trim().split('\n');
    const names = head.split(',');
    return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i] ?? '', cell])));
  };
  return { here, path, config, rows };
}

const officeOf = ({ gateway }: Site) =>
  childrenOf(gateway().pid).find(({ command }) => command.includes('office.ts'))?.pid;

describe('the history of a whole gateway', { timeout: 300_000 }, () => {
  test.concurrent('has rows of the bank and of each battery a minute after its start', async (context) => {
    const { here, path, config, rows } = await keeping(context);
    await here.isFresh();
    /** The first minute may have ended before each battery was heard in it. */
    const firstRow = (...of: string[]) =>
      until(`a row of ${of.at(-1) ?? 'the bank'}`, MINUTE_AND_MORE_MS, async () =>
        existsSync(path) ? (await rows(...of).catch(() => []))[0] : undefined,
      );
    const bank = await firstRow();
    expect(Number(bank.voltage_V)).toBeCloseTo(52.78, 1);
    expect(bank.step_s).toBe('60');
    expect(Number(bank.covered_s)).toBeGreaterThan(0);
    for (const battery of ['a', 'b', 'c', 'd']) {
      const row = await firstRow('--battery', battery);
      expect(Number(row.min_cell_voltage_V)).toBeGreaterThan(3);
      expect(row.charge_voltage_limit_V).toBe('');
    }

    const table = await finished(context, 'history', '--config', config, '--from', '1h');
    expect(table.output).toMatch(/^from +soc_pct +voltage_V/);
    const events = await finished(context, 'events', '--config', config, '--json');
    const kinds = events.output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).kind);
    expect(kinds).toContain('gateway_started');
    const unknown = await finished(context, 'history', '--config', config, '--battery', 'z');
    expect([unknown.status, unknown.output]).toEqual([
      1,
      `${path} knows no battery \`z\`; it knows a, b, c, d\n`,
    ]);
  });

  test.concurrent('goes on after its office was killed, and keeps what a stop finds half done', async (context) => {
    const { here, path, rows } = await keeping(context);
    await here.isFresh();
    await until('the file', 20_000, () => existsSync(path));
    const office = officeOf(here);
    process.kill(office ?? -1, 'SIGKILL');
    await until('another office', 20_000, () => {
      const now = officeOf(here);
      return now !== undefined && now !== office;
    });
    // Killed as it was making the file, the office leaves one that holds nothing yet.
    const before = await until('a row', MINUTE_AND_MORE_MS, async () => {
      const found = await rows().catch(() => []);
      return found.length > 0 && found;
    });
    here.gateway().signal('SIGTERM');
    await here.gateway().exited;
    const after = await rows();
    // The minute that was being gathered is there too.
    expect(after.length).toBeGreaterThan(before.length);
  });
});
