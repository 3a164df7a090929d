// What reading files takes stays in no process that runs on: `yaml` and `zod` are loaded by the reader, which has ended; and what
// serves the page is loaded by the office alone.
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shippedProfiles } from '../../src/config/profile-paths.ts';
import { childrenOf, startGateway } from './process.ts';
import { freePort, gatewayFile } from './site.ts';
import { until } from './until.ts';

/** Writes down what each head of the program loads. */
const noting = (folder: string) => `
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { basename } from 'node:path';
const list = '${folder}/' + basename(process.argv[1] ?? 'none');
registerHooks({
  load(url, context, next) {
    appendFileSync(list, url + '\\n');
    return next(url, context);
  },
});
`;

test('the wires load neither yaml, zod nor fastify, at the start and for a profile that comes later', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'bmsgate-lean-'));
  context.onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  for (const inner of ['state', 'loaded']) mkdirSync(join(folder, inner));
  const [config, own, hook] = ['gateway.yaml', 'own.yaml', 'noting.mjs'].map((name) => join(folder, name));
  if (!config || !own || !hook) throw new Error('three names');
  writeFileSync(hook, noting(join(folder, 'loaded')));
  const later = `{ id: own, profile: ./own.yaml, tcp: "127.0.0.1:${await freePort()}" }`;
  const more = `web: { listen: "127.0.0.1:${await freePort()}" }`;
  writeFileSync(config, gatewayFile(await freePort(), { inverters: [later], more }));

  const gateway = startGateway({ config, folder, env: { NODE_OPTIONS: `--import ${hook}` } });
  context.onTestFinished(async () => {
    gateway.signal('SIGTERM');
    await gateway.exited;
  });
  context.onTestFailed(() => console.error(gateway.lines.map(({ text }) => text).join('\n')));
  await gateway.hears(/`own` is not served: .*own\.yaml: there is no such file/, 30_000);
  await gateway.hears(/Modbus open/, 30_000);
  copyFileSync(join(shippedProfiles, 'generic-modbus.yaml'), own);
  await gateway.hears(/inverter is served inverter=own/, 30_000);

  const loadedBy = (head: string) => readFileSync(join(folder, 'loaded', head), 'utf8');
  await gateway.hears(/the page is served/, 30_000);
  const servers = /node_modules\/(@?fastify|selfsigned)\//;
  const readers = /node_modules\/(yaml|zod)\/|profile\/document\.ts/;
  expect(loadedBy('main.ts')).toContain('src/gateway.ts');
  expect(loadedBy('main.ts')).not.toMatch(readers);
  for (const head of ['main.ts', 'ear.ts']) expect(loadedBy(head)).not.toMatch(servers);
  expect(loadedBy('office.ts')).toMatch(servers);
  expect(loadedBy('office.ts')).not.toMatch(readers);
  expect(loadedBy('main.ts')).not.toMatch(/first-?start|setup-routes/);
  expect(loadedBy('ear.ts')).not.toMatch(readers);
  expect(loadedBy('reader.ts')).toMatch(readers);
  await until('no reader is left', 10_000, () =>
    childrenOf(gateway.pid).every(({ command }) => !command.includes('reader.ts')),
  );
}, 300_000);
