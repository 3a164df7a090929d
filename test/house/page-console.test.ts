// The console of the page, before a real ear and a battery on a serial line: what the gateway file permits, and nothing else.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gatewayText } from '../bench/packs.ts';
import { serialUnit } from '../bench/serial-unit.ts';
import { named, noSocat } from '../modbus/wires.ts';
import { claimer } from './page-visitor.ts';
import { startGateway } from './process.ts';
import { freePort } from './site.ts';
import { until } from './until.ts';

const READ_BASIC = 'dda50300fffd77';
const FETS_OFF = 'dd5ae1020002ff1b77';

test.skipIf(noSocat !== undefined)(
  named(
    'a person at the page reads a battery by hand, switches nothing by raw bytes, and lets it rest',
    noSocat,
  ),
  async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'bmsgate-console-'));
    context.onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
    const unit = await serialUnit(0);
    const [tcp, web] = [await freePort(), await freePort()];
    const config = join(folder, 'gateway.yaml');
    const inverters = [`{ id: ems, profile: generic-modbus, tcp: "127.0.0.1:${tcp}" }`];
    const more = [`web: { listen: "127.0.0.1:${web}" }`, 'control: true'];
    writeFileSync(config, gatewayText({ packs: 1, inverters, serials: [unit.path], more }));
    const gateway = startGateway({ config, folder });
    context.onTestFinished(async () => {
      gateway.signal('SIGTERM');
      await gateway.exited;
      await unit.close();
    });
    context.onTestFailed(() => console.error(gateway.lines.map(({ text }) => text).join('\n')));

    const { text } = await gateway.hears(/claim it with the code/, 30_000);
    await gateway.hears(/the page is served/, 30_000);
    const person = await claimer(web, /code (\d{6})/.exec(text)?.[1] ?? '');
    const [battery = ''] = await until('the battery', 20_000, async () => {
      const { packs } = await person.live();
      return Object.values(packs)[0]?.freshness === 'fresh' && Object.keys(packs);
    });
    const command = (hex: string, confirmed: string) =>
      person.steps(`/batteries/${battery}/command`, { kind: 'raw', hex, confirmed });

    const read = await command(READ_BASIC, battery);
    expect(JSON.stringify(read)).toMatch(/dd 03 00/);
    expect(await command(READ_BASIC, 'another')).toEqual([{ why: expect.stringContaining('not confirmed') }]);
    expect(await command(FETS_OFF, battery)).toEqual([
      { why: expect.stringContaining('only frames that read') },
    ]);
    await gateway.hears(/a person gives a command .*by=anna/, 5000);
    expect(gateway.said(/bytes were sent to a battery by hand/)).toHaveLength(1);

    expect(await person.post(`/batteries/${battery}/rest`, { what: 'reading' })).toEqual({ done: true });
    const restsAtMs = unit.saidAtMs();
    const stale = async () => (await person.live()).packs[battery]?.freshness === 'stale';
    await until('it counts as stale', 20_000, stale);
    const { inverters: told, events } = await person.live();
    expect(told.ems?.telling).toBe('nothing yet');
    expect(Object.values(events).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['battery_rests', 'battery_stale', 'bank_stale']),
    );
    expect(unit.saidAtMs() - restsAtMs).toBeLessThan(2000);
    expect(await person.post(`/batteries/${battery}/resume`)).toEqual({ done: true });
    await until('it is read again', 15_000, () => unit.saidAtMs() - restsAtMs > 5000);
  },
  300_000,
);
