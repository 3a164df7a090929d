// The profile of a served inverter is edited while the gateway runs: no answer is lost, and what is wrong never gets out.
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { monotonicMs } from '../../src/model/freshness.ts';
import { longestGapMs, watchStalls } from '../stalls.ts';
import { answered, watch } from './master.ts';
import { freePort, site } from './site.ts';

const shelf = join(import.meta.dirname, '../../profiles');
const [map = ''] = readFileSync(join(shelf, 'generic-modbus.yaml'), 'utf8').split('\nexamples:\n');
/** The map of the house; the voltage is told in counts of so many volts. */
const own = (countV: string): string =>
  `${map.replace('at: 0x0101, as: u16, scale: 0.1', `at: 0x0101, as: u16, scale: ${countV}`)}
examples: [{ given: {}, then: {} }]
`;

describe('a profile that is edited under a running gateway', { timeout: 300_000 }, () => {
  test('is in the answers within seconds, none of them is lost; a broken one is told once and kept out', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'bmsgate-profile-'));
    context.onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'own.yaml');
    writeFileSync(file, own('0.1'));
    const port = await freePort();
    const { gateway, isFresh } = await site(context, {
      inverters: [`{ id: own, profile: ${file}, tcp: "127.0.0.1:${port}" }`],
    });
    await isFresh();
    const { hears, said } = gateway();
    const master = watch(port);
    context.onTestFinished(master.stop);
    const stalls = watchStalls();
    const plain = await master.sees('the voltage', 10_000, ({ voltageV }) => voltageV > 40 && voltageV < 60);

    writeFileSync(file, own('0.05'));
    const editedMs = monotonicMs();
    await master.sees('twice the counts', 15_000, ({ voltageV }) => voltageV > 80, editedMs);
    const taken = await hears(/profile is taken/, 5000, editedMs);
    expect(taken.text).toMatch(
      /inverter=own profile=generic-modbus version=\S+ changes="0x0101 \w{4} → \w{4}"/,
    );

    // By an editor that writes half of it first.
    const whole = own('0.05').replace('units: [1]', 'units: [300]');
    writeFileSync(`${file}~`, whole.slice(0, 2000));
    renameSync(`${file}~`, file);
    writeFileSync(file, whole);
    const brokenMs = monotonicMs();
    await hears(
      /profile is refused, the one in force goes on inverter=own .*own\.yaml:\d+:\d+: .*write at most 247/,
      15_000,
      brokenMs,
    );
    await master.sees('a while more', 15_000, (_, atMs) => atMs > brokenMs + 9000);

    expect(said(/profile is refused/)).toHaveLength(1);
    expect(said(/profile is taken/)).toHaveLength(1);
    expect(said(new RegExp(`Modbus open line=127.0.0.1:${port}`))).toHaveLength(1);
    const since = master.since(plain.atMs);
    expect(since.filter(({ bank }) => bank === undefined)).toEqual([]);
    const gapMs = longestGapMs(
      since.map(({ atMs }) => atMs),
      stalls,
    );
    stalls.stop();
    expect(gapMs).toBeLessThan(1000);
    const volts = answered(since).map(({ bank }) => bank.voltageV > 80);
    expect(volts.indexOf(true)).toBeGreaterThan(0);
    expect(volts.lastIndexOf(false)).toBeLessThan(volts.indexOf(true));
  });
});
