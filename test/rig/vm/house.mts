// In the guest of `vm-run --ble 5`: four JBD units on hci1 to hci4, the gateway as a service would run it on hci0, vcan0, a PTY
// and TCP, with the default ages. The peers are candump, cansend and mbpoll. Run by house.sh.
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import { promisify } from 'node:util';
import { monotonicMs } from '../../../src/model/freshness.ts';
import { answered, type Seen, watch } from '../../house/master.ts';
import { type GatewayProcess, startGateway } from '../../house/process.ts';
import { betweenRounds, type Id, ids, jbdUnit, numberOf } from '../../house/room.ts';
import { gatewayFile } from '../../house/site.ts';
import { until } from '../../house/until.ts';
import { watchStalls } from '../../stalls.ts';
import { kernelHci } from '../kernel-hci.mts';
import { claim, end, hasFailed, moment, seconds, step } from '../steps.mts';
import { candump, currentsOf, evenBeats, showsStale } from './bus.mts';
import { emulationSignals, sayItRuns } from './emulation.mts';
import { onTime } from './on-time.mts';

sayItRuns();

const PORT = 1502;
const START_MS = 20_000;
// The default ages (design, section 8), and one period or evaluation more.
const LATE_S = 6;
const STALE_S = 15;
const ZERO_S = 25;
const LOST_S = 60;
const PERIOD_S = 1;
/** What a processor that is emulated may be late on top. */
const SLOW_S = 2;

const folder = mkdtempSync(join(tmpdir(), 'house-'));
const units = new Map(ids.map((id) => [id, jbdUnit(id, kernelHci(numberOf(id)))]));
const air = (verb: 'hide' | 'show', some: readonly Id[]) =>
  writeFileSync('/run/air.ctl', some.map((id) => `${verb} ${numberOf(id)}\n`).join(''));
const unitsOf = (some: readonly Id[]) => some.flatMap((id) => units.get(id) ?? []);

const [line, master] = [join(folder, 'line'), join(folder, 'master')];
const socat = spawn(
  'socat',
  [line, master].map((path) => `pty,raw,echo=0,link=${path}`),
  { stdio: 'ignore' },
);
await until('a PTY pair', 10_000, () => existsSync(line) && existsSync(master));
mkdirSync(join(folder, 'state'));
const config = join(folder, 'gateway.yaml');
writeFileSync(
  config,
  gatewayFile(PORT, {
    poll: '2s',
    inverters: [
      `{ id: line, profile: generic-modbus, serial: ${line}, baud: 9600 }`,
      '{ id: house, profile: pylontech-lv, can: vcan0 }',
    ],
  }),
);

/** The emulated processor kills one Node in some dozens while it starts, or makes it hang; as systemd would, it is started again. */
async function startedGateway(tries = 5): Promise<GatewayProcess> {
  const started = startGateway({ config, folder });
  const speaks = started.hears(/gateway starts/, START_MS).catch(() => 'silence');
  const outcome = await Promise.race([started.exited, speaks]);
  if (typeof outcome === 'object') return started;
  started.signal('SIGKILL');
  const isBroken = emulationSignals.some((signal) => signal === outcome);
  const isOurs = !isBroken && (typeof outcome === 'number' || started.lines.length > 0);
  if (tries === 1 || isOurs) throw new Error(`it does not start: ${outcome}`);
  console.log(`tried again: the gateway ended with ${outcome} while it started, attempt ${6 - tries} of 5`);
  return startedGateway(tries - 1);
}

function leave(): never {
  if (hasFailed()) for (const { atMs, text } of gateway.lines) console.log(`${moment(atMs)} ${text}`);
  gateway.signal('SIGKILL');
  bus.child.kill();
  socat.kill();
  return end();
}

const bus = candump('vcan0');
const gateway = await startedGateway();
const ems = watch(PORT, 100);
const run = promisify(execFile);

const within = onTime(watchStalls());

/** A question with its answer, and the one before it. */
const asked = (seen: Seen) => ({ atMs: seen.atMs, notYetMs: ems.notYetMs(seen) });

await step('the bank of four units is fresh on both wires', async () => {
  const startMs = monotonicMs();
  await ems.sees('four packs', START_MS, (bank) => bank.packsOnline === ids.length && !bank.isLate, startMs);
  const modbusMs = monotonicMs() - startMs;
  await until('frames', 10_000, () => bus.of(0x351)[0]);
  return `after ${seconds(modbusMs)}`;
});

// Without a bank there is nothing more to see.
if (hasFailed()) leave();

await step('candump shows pylontech-lv once a second', async () => {
  const beats = await evenBeats(bus, 0x351);
  const told = [0x351, 0x355, 0x356, 0x359, 0x35c, 0x35e].filter((id) => bus.of(id).length === 0);
  claim(told.length === 0, `no frame ${told.map((id) => id.toString(16)).join()}`);
  const [soc, volts] = [
    bus.of(0x355).at(-1)?.data.readUInt16LE(0),
    bus.of(0x356).at(-1)?.data.readInt16LE(0),
  ];
  claim(soc === 70 && volts === 5278, `SoC ${soc}, voltage ${volts}`);
  return beats;
});

await step('cansend 305 is heard as the inverter', async () => {
  await run('cansend', ['vcan0', '305#0000000000000000']);
  return (await gateway.hears(/inverter heard inverter=house/, 5000)).text;
});

const mbpoll = async (...wire: string[]): Promise<string> => {
  const args = ['-0', '-1', '-q', '-o', '10', '-a', '1', '-t', '4', '-r', '256', '-c', '3', ...wire];
  const { stdout } = await run('mbpoll', args, { timeout: 60_000 });
  return [...stdout.matchAll(/^\[\d+\]:\s+(\d+)/gm)].map(([, value]) => value).join(' ');
};

for (const [name, wire] of [
  ['TCP', ['-m', 'tcp', '-p', String(PORT), '127.0.0.1']],
  ['a serial line', ['-m', 'rtu', '-b', '9600', '-P', 'none', master]],
] as const)
  await step(`mbpoll reads the bank over ${name}`, async () => {
    const read = await mbpoll(...wire);
    claim(read === `70 528 ${0x10000 - 225}`, read);
    return read;
  });

for (const id of ids)
  await step(`unit ${id} is out of reach for a moment: late, not stale, then fresh`, async () => {
    const heardMs = await betweenRounds(unitsOf([id]));
    const fromMs = monotonicMs();
    air('hide', [id]);
    const late = await ems.sees('late', 15_000, (bank) => bank.isLate);
    const text = within('late after', heardMs, asked(late), [LATE_S, LATE_S + PERIOD_S + SLOW_S]);
    air('show', [id]);
    const shownMs = monotonicMs();
    const back = await ems.sees('fresh', STALE_S * 1000, (bank) => !bank.isLate);
    claim(!answered(ems.since(fromMs)).some(({ bank }) => bank.isStale), 'it was stale');
    claim(!bus.of(0x359, fromMs).some(showsStale), 'the sign of old data was on the bus');
    return `${text}, fresh ${seconds(back.atMs - shownMs)} after it was in reach again`;
  });

let goneMs = 0;

await step('every unit is out of reach: the sign of old data on both wires', async () => {
  goneMs = await betweenRounds(unitsOf(ids));
  const fromMs = monotonicMs();
  air('hide', ids);
  const stale = await ems.sees('stale', 30_000, (bank) => bank.isStale);
  const sign = await until('the sign in 0x359', 5000, () => bus.of(0x359, fromMs).find(showsStale));
  const edge = [STALE_S, STALE_S + PERIOD_S + SLOW_S] as const;
  const modbus = within('Modbus b9 after', goneMs, asked(stale), edge);
  return `${modbus}, ${within('CAN after', goneMs, sign, [edge[0], edge[1] + PERIOD_S])}`;
});

await step(
  'limits are zero on both wires within 15 s + 10 s + a period, and charging is switched off',
  async () => {
    const zero = await ems.sees('zero limits', 20_000, ({ cclA, dclA }) => cclA === 0 && dclA === 0);
    const isZero = (frame: (typeof bus.heard)[number]) => currentsOf(frame).every((amperes) => amperes === 0);
    const frame = await until('zero in 0x351', 5000, () => bus.of(0x351, goneMs + 1000).find(isZero));
    const off = await until('00 in 0x35C', 5000, () =>
      bus.of(0x35c, goneMs + 1000).find(({ data }) => data[0] === 0),
    );
    const latest = ZERO_S + PERIOD_S;
    return [
      within('Modbus after', goneMs, asked(zero), [STALE_S, latest]),
      within('0x351 after', goneMs, frame, [STALE_S, latest]),
      within('0x35C after', goneMs, off, [STALE_S, latest]),
    ].join(', ');
  },
);

await step('lost after a minute: both wires go on saying zero', async () => {
  const lost = await gateway.hears(/bank lost/, 60_000);
  const text = within('lost after', goneMs, lost, [LOST_S, LOST_S + PERIOD_S + SLOW_S]);
  await until('three beats more', 10_000, () => bus.of(0x351, lost.atMs).length >= 3);
  const said = [
    ...bus.of(0x351, lost.atMs).flatMap(currentsOf),
    ...answered(ems.since(lost.atMs)).flatMap(({ bank }) => [bank.cclA, bank.dclA]),
  ];
  claim(
    said.every((amperes) => amperes === 0),
    `limits ${said.join()}`,
  );
  return text;
});

await step('back in reach: fresh on both wires not before ten seconds of good data', async () => {
  air('show', ids);
  const shownMs = monotonicMs();
  const back = await ems.sees('fresh', 60_000, (bank) => !bank.isLate);
  const clear = await until('a clear 0x359', 5000, () =>
    bus.of(0x359, shownMs).find((frame) => !showsStale(frame)),
  );
  const risen = await ems.sees('rising limits', 10_000, ({ cclA }) => cclA > 0);
  claim(
    risen.bank.cclA <= 5 * ((risen.atMs - ems.notYetMs(back)) / 1000 + PERIOD_S + SLOW_S),
    `CCL ${risen.bank.cclA} A`,
  );
  const text = within('Modbus after', shownMs, asked(back), [10, 60]);
  return `${text}, CAN after ${seconds(clear.atMs - shownMs)}, CCL rises from ${risen.bank.cclA} A`;
});

await step('no poll went unanswered since the bank was fresh', async () => {
  const first = answered(ems.sightings)[0]?.atMs ?? 0;
  const missed = ems.since(first).filter(({ bank }) => !bank).length;
  claim(missed === 0, `${missed} of ${ems.since(first).length}`);
  return `${ems.since(first).length} polls`;
});

await step('SIGTERM: exit 0, and nothing more on the bus', async () => {
  gateway.signal('SIGTERM');
  const code = await gateway.exited;
  const goneAtMs = monotonicMs();
  await rest(2500);
  claim(code === 0, `exit ${code}`);
  const after = bus.heard.filter(({ atMs }) => atMs > goneAtMs);
  claim(after.length === 0, `${after.length} frames`);
  return 'silent for 2.5 s';
});

leave();
