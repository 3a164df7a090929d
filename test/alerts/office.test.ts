// The real office process with a real server: what it tells, and that another office does not tell it again.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { BankEvent } from '../../src/model/events.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { eventually } from '../eventually.ts';
import { childrenOf } from '../house/process.ts';
import { highCell, over, phone } from './events.ts';
import { realOffice } from './real-office.ts';
import { httpServer } from './servers.ts';

const officePid = () => childrenOf(process.pid).find(({ command }) => /src\/office\.ts/.test(command))?.pid;

test('an office that was killed is followed by one that tells nothing twice, and the end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-alerts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, 'tk_7\n', { mode: 0o600 });
  const { heard, url } = await httpServer((_, response) => response.writeHead(200).end());
  const said = () => heard.map(({ body }) => JSON.parse(body)).map(({ id, phase }) => `${id} ${phase}`);

  const file = join(folder, 'state', 'alerts.json');
  const target = { ...phone, url: `${url}/hook`, tokenFile };
  const alarm: BankEvent = { ...highCell, beganAtMs: monotonicMs() };
  const { kept, reports } = realOffice(() => ({
    type: 'orders',
    alerts: { targets: [target], file },
    events: { open: [alarm], recent: [] },
  }));
  await eventually(() => expect(said()).toEqual(['run-1 begin']));
  expect(heard[0]?.headers.authorization).toBe('Bearer tk_7');
  await eventually(() => expect(JSON.parse(readFileSync(file, 'utf8')).targets.phone.due).toEqual([]));
  expect(statSync(file).mode & 0o777).toBe(0o600);

  process.kill(officePid() ?? -1, 'SIGKILL');
  await eventually(() => expect(reports).toHaveLength(1));
  const lost: BankEvent = { ...alarm, id: 'run-2', kind: 'bank_lost' };
  await eventually(() => expect(kept.send({ type: 'event', event: lost } as never)).toBe(true));
  await eventually(() => expect(said()).toContain('run-2 begin'));
  kept.send({ type: 'event', event: over(alarm, monotonicMs()) } as never);
  await eventually(() => expect(said()).toEqual(['run-1 begin', 'run-2 begin', 'run-1 end']));
  const [begin] = heard.map(({ body }) => JSON.parse(body));
  expect(Math.abs(Date.parse(begin.began) - Date.now())).toBeLessThan(60_000);
});
