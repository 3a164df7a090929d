import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { httpServer } from '../alerts/servers.ts';
import { freePort } from '../house/site.ts';
import { bmsgate, finished } from './program.ts';

function gatewayFile(alerts: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-alerts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'gateway.yaml');
  writeFileSync(
    path,
    `batteries:
  - { id: a, bms: jbd, address: "A4:C1:38:00:00:01", cells: 16 }
bank:
  strings: [[a]]
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
  - { id: house, profile: pylontech-lv, can: can0 }
${alerts}`,
  );
  return path;
}

describe('bmsgate alerts test', { timeout: 300_000 }, () => {
  test('sends one message to each and says of each what happened', async (context) => {
    const good = await httpServer((_, response) => response.writeHead(200).end());
    const strict = await httpServer((_, response) => response.writeHead(403).end());
    const port = await freePort();
    const path = gatewayFile(`alerts:
  - { id: home, webhook: "${good.url}/api/webhook/secret", site: barn }
  - { id: phone, ntfy: "${strict.url}/secret" }
  - { id: desk, webhook: "http://127.0.0.1:${port}/" }
`);
    const { status, output } = await finished(context, 'alerts', 'test', '--config', path);
    expect([status, output]).toEqual([
      1,
      `home: 127.0.0.1:${good.port} has taken the message
phone: not delivered: 127.0.0.1:${strict.port} answers 403 (Forbidden); look at \`token_file\`
desk: not delivered: 127.0.0.1:${port} takes no connection; is it running, and is the port right?
`,
    ]);
    expect(good.heard.map(({ body }) => JSON.parse(body))).toEqual([
      expect.objectContaining({ kind: 'test', phase: 'moment', site: 'barn', severity: 'info' }),
    ]);
    expect(JSON.parse(strict.heard[0]?.body ?? '')).toMatchObject({ topic: 'secret' });

    const one = await finished(context, 'alerts', 'test', 'home', '--config', path);
    expect(one).toEqual({ status: 0, output: `home: 127.0.0.1:${good.port} has taken the message\n` });
    const none = await finished(context, 'alerts', 'test', 'fax', '--config', path);
    expect(none).toEqual({ status: 1, output: 'there is no alert `fax`; there are: home, phone, desk\n' });
  });

  test('says of a file without alerts where to read how they are written', async (context) => {
    const path = gatewayFile('');
    expect(await finished(context, 'alerts', 'test', '--config', path)).toEqual({
      status: 1,
      output: `${path} has no \`alerts\`; docs/alerts.md shows how to write them\n`,
    });
  });

  test('is all that a command sends: what is played back alerts nobody', async (context) => {
    const server = await httpServer((_, response) => response.writeHead(200).end());
    const port = await freePort();
    const path = gatewayFile(`alerts: [{ id: home, webhook: "${server.url}/", from_severity: info }]\n`);
    const text = readFileSync(path, 'utf8')
      .replace('cells: 16', 'cells: 4')
      .replace('profile: pylontech-lv, can: can0', `profile: generic-modbus, tcp: "127.0.0.1:${port}"`);
    writeFileSync(path, text);
    const capture = join(import.meta.dirname, '../captures/jbd/4s-discharging.txt');
    const program = bmsgate(context, 'replay', capture, '--config', path);
    await program.prints(/bank fresh/, 60_000);
    program.signal('SIGTERM');
    await program.ended;
    expect(server.heard).toEqual([]);
  });
});
