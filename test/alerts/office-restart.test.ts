// What the real office process found itself goes on in the next one: a broker that hangs up before and after.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { BankEvent } from '../../src/model/events.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { eventually } from '../eventually.ts';
import { childrenOf } from '../house/process.ts';
import { phone } from './events.ts';
import { realOffice } from './real-office.ts';
import { httpServer } from './servers.ts';

const PLAN = {
  name: 'Cellar',
  discoveryPrefix: 'homeassistant',
  topic: 'bmsgate',
  birthTopic: 'homeassistant/status',
  batteries: [],
  inverters: [],
};
const officePid = () => childrenOf(process.pid).find(({ command }) => /src\/office\.ts/.test(command))?.pid;

/** Takes each call and hangs up. */
async function rudeBroker() {
  let calls = 0;
  const server = createServer((socket) => {
    calls++;
    socket.on('error', () => {}).destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : 0, calls: () => calls };
}

test('an event of the office lasts over its restart and is told once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-office-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { heard, url } = await httpServer((_, response) => response.writeHead(200).end());
  const said = () => heard.map(({ body }) => JSON.parse(body)).map(({ id, kind }) => `${id} ${kind}`);
  const broker = await rudeBroker();
  const lasting = join(folder, 'events.json');
  const { kept, reports } = realOffice(() => ({
    type: 'orders',
    lasting,
    alerts: { targets: [{ ...phone, url: `${url}/hook` }], file: join(folder, 'alerts.json') },
    mqtt: { plan: PLAN, place: { host: '127.0.0.1', port: broker.port, isTls: false }, startedAtMs: 0 },
    events: { open: [], recent: [] },
  }));
  await eventually(() => expect(said()).toEqual([expect.stringMatching(/o-\d+ broker_away$/)]));
  const id = said()[0]?.split(' ')[0];
  await eventually(() => expect(readFileSync(lasting, 'utf8')).toContain(`"id":"${id}"`));
  await eventually(() =>
    expect(readFileSync(join(folder, 'alerts.json'), 'utf8')).toContain(`{"id":"${id}","over":false}`),
  );

  process.kill(officePid() ?? -1, 'SIGKILL');
  await eventually(() => expect(reports).toHaveLength(1));
  const before = broker.calls();
  // The office speaks of the first call before it makes the second.
  await eventually(() => expect(broker.calls()).toBeGreaterThan(before + 1));
  const last: BankEvent = { id: 'run-1', kind: 'bank_lost', text: 'lost', beganAtMs: monotonicMs() };
  kept.send({ type: 'event', event: last } as never);
  await eventually(() => expect(said()).toContain('run-1 bank_lost'));
  expect(said()).toEqual([`${id} broker_away`, 'run-1 bank_lost']);
});
