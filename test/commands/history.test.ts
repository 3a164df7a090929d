import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, type TestContext, test } from 'vitest';
import { sqliteStore } from '../../src/history/sqlite-store.ts';
import { historyPath } from '../history/folder.ts';
import { finished } from './program.ts';

const AT_MS = Date.UTC(2026, 10, 21, 8);
const MINUTE = AT_MS / 60_000;

/** Two minutes with a hole between them, and two events. The gateway that writes them runs on. */
function running(context: TestContext) {
  const path = historyPath(context);
  const store = sqliteStore(path);
  context.onTestFinished(() => store.close());
  const row = (minute: number, voltage_V: number) => ({ minute, coveredMs: 59_500, values: { voltage_V } });
  store.writeMinutes([row(MINUTE, 52.5), row(MINUTE + 2, 52.75), { ...row(MINUTE, 52.4), battery: 'a' }]);
  const stale = { kind: 'battery_stale', subject: 'a', text: 'battery a is stale', beganAtMs: 0 } as const;
  store.writeEvents([
    { event: { id: 'r-1', ...stale }, beganMs: AT_MS, endedMs: AT_MS + 60_000 },
    {
      event: { id: 'r-2', ...stale, peak: { quantity: 'data_age_s', value: 44 } },
      beganMs: AT_MS + 120_000,
      snapshot: '{"voltage_V":52.5}',
    },
  ]);
  const from = ['--from', '2026-11-21T08:00Z', '--to', '2026-11-21T09:00Z'];
  return {
    path,
    ask: (command: string, ...more: string[]) =>
      finished(context, command, '--db', path, ...(more.includes('--ack') ? [] : from), ...more),
  };
}

describe('bmsgate history', () => {
  test('prints what a spreadsheet takes: UTC, a line of each minute that was measured, nothing for what is not known', async (context) => {
    const { ask } = running(context);
    expect(await ask('history', '--csv', '--columns', 'voltage_V,soc_pct')).toEqual({
      status: 0,
      output: [
        'at,step_s,covered_s,voltage_V,soc_pct',
        '2026-11-21T08:00:00.000Z,60,59.5,52.5,',
        '2026-11-21T08:02:00.000Z,60,59.5,52.75,',
        '',
      ].join('\n'),
    });
    const { output } = await ask('history', '--battery', 'a', '--columns', 'voltage_V');
    expect(output).toMatch(/^from {14}voltage_V\n2026-11-2\d \d\d:00 {2}52\.40\n$/);
  });

  test('says in one sentence what is wrong and what to do', async (context) => {
    const { path, ask } = running(context);
    const folder = dirname(path);
    const [nothing, text] = [join(folder, 'nothing.db'), join(folder, 'text.db')];
    writeFileSync(text, 'this is no database '.repeat(100));
    const config = join(folder, 'gateway.yaml');
    writeFileSync(
      config,
      `batteries: [{ id: a, bms: jbd, address: "02:00:00:00:00:01", cells: 16, capacity_Ah: 100 }]
bank:
  strings: [[a]]
  envelope: { charge_current_A: 10, discharge_current_A: 10, cell_max_V: 3.6, cell_min_V: 2.8 }
inverters: [{ id: ems, profile: generic-modbus, tcp: "127.0.0.1:1502" }]
`,
    );
    const answers = await Promise.all([
      finished(context, 'history', '--db', nothing),
      finished(context, 'events', '--db', text),
      finished(context, 'history', '--config', config),
      ask('history', '--columns', 'volts'),
      ask('history', '--points', '1'),
      finished(context, 'history', '--from', 'yesterday'),
      ask('events', '--ack', 'r-1'),
      ask('events', '--ack', 'r-7', '--by', 'anna'),
    ]);
    expect(answers.map(({ status, output }) => `${status} ${output.replaceAll(folder, '')}`)).toEqual([
      '1 /nothing.db is not there; set `history:` in gateway.yaml and start the gateway, or name the file with `--db`\n',
      '1 /text.db is damaged; a gateway that runs moves it aside and begins a new one\n',
      '1 /gateway.yaml keeps no history; add `history: {}` to it and restart the gateway, or name a file with `--db`\n',
      expect.stringMatching(/^2 .*there is no column volts; there are voltage_V, min_voltage_V/s),
      expect.stringMatching(/^2 .*say a whole number from 2 up/s),
      expect.stringMatching(/^2 .*say when, e\.g\. 2026-11-21/s),
      '1 say who acknowledges it with `--by`, e.g. --by anna\n',
      '1 /history.db has no event `r-7`; `bmsgate events` lists those of the last week\n',
    ]);
  });

  test('names the batteries as people count them, whichever was heard first', async (context) => {
    const path = historyPath(context);
    const store = sqliteStore(path);
    const row = { minute: MINUTE, coveredMs: 59_500, values: { voltage_V: 52.5 } };
    store.writeMinutes(['b10', 'b9', 'a'].map((battery) => ({ ...row, battery })));
    store.close();
    expect(await finished(context, 'history', '--db', path, '--battery', 'z')).toEqual({
      status: 1,
      output: `${path} knows no battery \`z\`; it knows a, b9, b10\n`,
    });
  });

  test('says that a file is held by another program, after a second', async (context) => {
    const { path, ask } = running(context);
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    // Reading goes on beside it.
    expect((await ask('history', '--csv')).status).toBe(0);
    const { status, output } = await ask('events', '--ack', 'r-1', '--by', 'anna');
    expect([status, output]).toEqual([
      1,
      `${path}: database is locked; another program is writing it; end that\n`,
    ]);
    other.exec('ROLLBACK');
    other.close();
  });
});

describe('bmsgate events', () => {
  test('lists what happened, and what lasts still', async (context) => {
    const { ask } = running(context);
    const all = await ask('events');
    expect(all.output).toMatch(
      /^\S+ \S+ {2}warning {2}r-1 {2}battery a is stale {2}until \S+ \S+\n\S+ \S+ {2}warning {2}r-2 {2}battery a is stale {2}lasts +data_age_s 44\n$/,
    );
    const open = await ask('events', '--open', '--json');
    expect(JSON.parse(open.output)).toEqual({
      id: 'r-2',
      kind: 'battery_stale',
      severity: 'warning',
      subject: 'a',
      text: 'battery a is stale',
      peak: { quantity: 'data_age_s', value: 44 },
      began: '2026-11-21T08:02:00.000Z',
      snapshot: { voltage_V: 52.5 },
    });
  });

  test('acknowledges one for a person, while the gateway writes on', async (context) => {
    const { ask } = running(context);
    expect(await ask('events', '--ack', 'r-1', '--by', 'anna')).toEqual({
      status: 0,
      output: 'r-1 is acknowledged\n',
    });
    expect((await ask('events')).output).toMatch(/r-1 .*acknowledged by anna, \S+ \S+\n/);
    const again = await ask('events', '--ack', 'r-1', '--by', 'bert');
    expect([again.status, again.output]).toEqual([
      1,
      expect.stringMatching(/^anna acknowledged it already, /),
    ]);
  });
});

describe('who asks for history at a terminal', () => {
  test('is told that a span holds nothing, and that a folder is none', async (context) => {
    const { path } = running(context);
    const backwards = ['--from', '2026-11-22', '--to', '2026-11-21'];
    for (const command of ['history', 'events'])
      expect(await finished(context, command, '--db', path, ...backwards)).toEqual({
        status: 1,
        output: expect.stringContaining('`--from` is not before `--to`'),
      });
    const { output } = await finished(context, 'history', '--db', dirname(path));
    expect(output).toContain(`${dirname(path)} is a folder; name the file in it`);
  });

  test('sees names as text, whatever was typed for one', async (context) => {
    const { path } = running(context);
    const ack = (by: string) => finished(context, 'events', '--db', path, '--ack', 'r-1', '--by', by);
    await ack('an\u001b[31mna\n');
    const { output } = await ack('bert');
    expect(output).toContain('an [31mna acknowledged it already');
  });
});
