// When there is no setup, and how one ends that nobody comes for.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { doorText } from '../../src/firststart/door-text.ts';
import { patience } from '../../src/firststart/patience.ts';
import type { JsonRoute } from '../../src/web/route.ts';
import { startGateway } from '../house/process.ts';
import { freePort, gatewayFile } from '../house/site.ts';
import { setupSite } from './setup-site.ts';

describe('a gateway file that is not there', { timeout: 300_000 }, () => {
  test('is no reason to serve something else: the service ends and names the setup', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'bmsgate-none-'));
    context.onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
    const gateway = startGateway({ config: join(folder, 'gateway.yaml'), folder });
    expect(await gateway.exited).toBe(1);
    expect(gateway.lines.map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /gateway\.yaml: there is no such file; `bmsgate run --setup --config .* makes one/,
      ),
    ]);
  });

  test('is not made beside a gateway that runs with it, nor by two at once', async (context) => {
    const site = await setupSite(context);
    await site.code();
    const second = site.startAgain(['--setup', '--listen', `127.0.0.1:${await freePort()}`]);
    expect(await second.exited).toBe(1);
    expect(second.said(/another bmsgate runs with .*stop that one/)).toHaveLength(1);

    site.gateway.signal('SIGTERM');
    expect(await site.gateway.exited).toBe(1);
    expect(site.gateway.said(/the setup was stopped; nothing was written/)).toHaveLength(1);
    writeFileSync(site.config, gatewayFile(await freePort(), {}));
    const gateway = site.startAgain([]);
    await gateway.hears(/Modbus open/, 30_000);
    const third = site.startAgain(['--setup', '--listen', `127.0.0.1:${await freePort()}`]);
    expect(await third.exited).toBe(1);
    expect(third.said(/another bmsgate runs with/)).toHaveLength(1);
  });

  test('that is wrong is named with its place, and is not written over', async (context) => {
    const prepare = (folder: string) => writeFileSync(join(folder, 'gateway.yaml'), 'batteries: 7\n');
    const site = await setupSite(context, { prepare });
    expect(await site.gateway.exited).toBe(1);
    expect(site.gateway.said(/gateway\.yaml:1:12: /)).toHaveLength(1);
  });
});

test('a setup waits for half an hour at a time, and ends when nobody goes on', () => {
  let due: (() => void) | undefined;
  const waits: number[] = [];
  const after = (ms: number, act: () => void) => {
    waits.push(ms);
    due = act;
    return () => {
      due = undefined;
    };
  };
  let isOver = false;
  const waiting = patience(1_800_000, after, () => {
    isOver = true;
  });
  const route: JsonRoute = { method: 'GET', path: '/setup', role: 'installer', summary: '', handle: () => 7 };
  const [watched] = waiting.watched([route]);
  // A route that asks for nothing of the caller.
  expect(watched?.handle({} as Parameters<JsonRoute['handle']>[0])).toBe(7);
  expect(waits).toEqual([1_800_000, 1_800_000]);
  due?.();
  expect(isOver).toBe(true);
});

test('the terminal says where the setup is reached from the network', () => {
  const [where] = doorText({ host: '0.0.0.0', port: 3001 }, 'gateway.yaml', false, [
    '192.168.1.7',
    'fd00::7',
  ]);
  expect(where).toContain('open http://192.168.1.7:3001');
  expect(where).not.toContain('fd00');
  const [six] = doorText({ host: '::', port: 3001 }, 'gateway.yaml', false, ['192.168.1.7', 'fd00::7']);
  expect(six).toContain('http://[fd00::7]:3001');
});
