// Time that jumps or stands still beneath a beating battery.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monotonicMs } from '../../src/model/freshness.ts';
import { BATCH, cut, layCable, listen, sh, startSpeaking } from './can-cable.mts';
import { emulated } from './can-site.mts';
import { pause, startBattery, until } from './can-wire.mts';
import { claim, step } from './steps.mts';

const START_LIMIT_MS = emulated ? 120_000 : 60_000;
const STOPPED_MS = 6000;

/** How far off its second, counted from the first, a beat was at most, ms. */
const mostOff = (atMs: readonly number[]): number =>
  Math.max(
    ...atMs.map((at) => Math.abs(at - (atMs[0] ?? 0) - Math.round((at - (atMs[0] ?? 0)) / 1000) * 1000)),
  );

async function clockSteps(): Promise<string> {
  const cable = await layCable();
  const ear = listen(cable);
  const battery = startSpeaking(cable.near);
  await until(() => ear.heard.length >= 2 * BATCH.length, START_LIMIT_MS);
  for (const jump of ['+1 day', '-2 days', '+1 day']) {
    await sh(`date -s "${jump}" >/dev/null`);
    await pause(2000);
  }
  const beats = ear.heard.filter(({ id }) => id === BATCH[0]).map(({ atMs }) => atMs);
  battery.stop();
  ear.close();
  await cut(cable);
  const lastedMs = (beats.at(-1) ?? 0) - (beats[0] ?? 0);
  const due = Math.round(lastedMs / 1000) + 1;
  const { skipped } = battery.beat.report();
  claim(
    beats.length <= due && beats.length + skipped >= due,
    `${beats.length} beats in ${lastedMs} ms, ${skipped} skipped`,
  );
  return `${beats.length} beats in ${(lastedMs / 1000).toFixed(1)} s, none more than ${mostOff(beats).toFixed(1)} ms off its second`;
}

const STATE = {
  charge_voltage_limit_V: 56,
  charge_current_limit_A: 2,
  discharge_current_limit_A: 2,
  discharge_voltage_limit_V: 46,
  soc_pct: 50,
  soh_pct: 100,
  voltage_V: 52,
  current_A: 0,
  temperature_C: 20,
  charge_enable: true,
  discharge_enable: true,
};

async function standsStill(): Promise<string> {
  const cable = await layCable();
  const ear = listen(cable);
  const state = join(process.env.TMPDIR ?? '/tmp', 'state.json');
  writeFileSync(state, JSON.stringify(STATE));
  const battery = await startBattery(
    ['--profile', 'pylontech-lv', '--can', cable.near, '--state', state],
    START_LIMIT_MS,
  );
  const limits = () => ear.heard.filter(({ id }) => id === 0x351);
  await until(() => limits().length >= 2, START_LIMIT_MS);
  await sh(`kill -STOP ${battery.pid}`);
  await pause(STOPPED_MS);
  const goesOnMs = monotonicMs();
  await sh(`kill -CONT ${battery.pid}`);
  await until(() => ear.since(goesOnMs).length > 0, START_LIMIT_MS);
  await pause(3000);
  const beats = limits()
    .filter(({ atMs }) => atMs >= goesOnMs)
    .map(({ atMs }) => atMs);
  const early = beats.filter((at) => at < goesOnMs + 900);
  await battery.stop();
  ear.close();
  await cut(cable);
  claim(early.length <= 2, `${early.length} beats in the first 0.9 s`);
  const gaps = beats.slice(1).map((at, i) => at - (beats[i] ?? 0));
  claim(Math.min(...gaps) > 350, `two beats ${Math.min(...gaps).toFixed(0)} ms apart`);
  return `${STOPPED_MS / 1000} beats missed; afterwards a beat ${beats.map((at) => (at - goesOnMs).toFixed(0)).join(', ')} ms after`;
}

export async function timeSteps(): Promise<void> {
  await step('a wall clock that steps by days moves no beat', clockSteps);
  await step('a gateway that stood still for 6 s makes up for no beat', standsStill);
}
