// In the guest of `vm-run --ble 3 --ble-down`: two JBD units alone on hci1 and hci2 (bluetoothd would answer for them), and Debian's bluetoothd on hci0, which the port and the
// sessions use as in the ear. Run by bluez.sh. Pairing is not among the steps: the virtual controllers have no encryption.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { bluezPort } from '../../../src/ble/bluez.ts';
import { type Listening, listen } from '../../../src/ble/listen.ts';
import { noblePort } from '../../../src/ble/noble.ts';
import type { EarReport } from '../../../src/ble/orders.ts';
import type { BlePort } from '../../../src/ble/port.ts';
import { jbdAnswer } from '../../../src/bms/jbd-unit.ts';
import { sentence } from '../../../src/model/errors.ts';
import { monotonicMs } from '../../../src/model/freshness.ts';
import { realTimers } from '../../../src/timers.ts';
import { jbdPeripheral } from '../jbd-peripheral.mts';
import { kernelHci } from '../kernel-hci.mts';
import { claim, end, seconds, step } from '../steps.mts';
import { BROKEN_PROCESSOR, emulationSignals, sayItRuns } from './emulation.mts';

sayItRuns();

/** An emulated processor, several times slower. */
const LIMIT_MS = 60_000;
const ids = ['1', '2'];
const addressOf = (id: string) => `02:00:00:00:00:0${id}`;
const air = (text: string) => writeFileSync('/run/air.ctl', `${text}\n`);

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const unit = (id: string) =>
  jbdPeripheral(kernelHci(Number(id), 'user'), {
    name: `JBD-${id}`,
    unit: (request) =>
      jbdAnswer(
        {
          voltageV: 13.2,
          currentA: -5,
          socPct: 70 + Number(id),
          cellVoltagesV: [3.3, 3.3, 3.3, 3.3],
          temperaturesC: [20],
        },
        request,
      ),
  });

/** The kernel leaves a new adapter up for a while after it looked it over, and lends it to nobody meanwhile. */
async function attached(id: string, tries = 40): Promise<void> {
  try {
    execFileSync('hciconfig', [`hci${id}`, 'down']);
    unit(id);
  } catch (error) {
    if (tries === 0) throw error;
    await rest(250);
    await attached(id, tries - 1);
  }
}
for (const id of ids) await attached(id);

const bluetoothd = (): ChildProcess =>
  spawn(
    '/usr/libexec/bluetooth/bluetoothd',
    process.env.DEBUG ? ['-n', '-d', 'src/device.c,src/adapter.c'] : ['-n'],
    {
      stdio: ['ignore', 'inherit', process.env.DEBUG ? 'inherit' : 'ignore'],
    },
  );

const said: { readonly atMs: number; readonly report: EarReport }[] = [];
let look = () => {};

function until(what: string, limitMs: number, fits: (r: EarReport) => boolean, fromMs: number) {
  const { promise, resolve, reject } = Promise.withResolvers<EarReport>();
  look = () => {
    const found = said.find(({ atMs, report }) => atMs >= fromMs && fits(report));
    if (found) resolve(found.report);
  };
  const last = () => JSON.stringify(said.slice(-6).map(({ report }) => report));
  const timer = setTimeout(
    () => reject(new Error(`no ${what} within ${seconds(limitMs)}: ${last()}`)),
    limitMs,
  );
  look();
  return promise.finally(() => clearTimeout(timer));
}

function listenOn(port: BlePort): Listening {
  return listen({
    radio: 'hci0',
    port,
    pollMs: 2000,
    batteries: ids.map((id) => ({ id, bms: 'jbd', address: addressOf(id) })),
    timers: realTimers,
    report: (report) => {
      trace(JSON.stringify(report));
      said.push({ atMs: monotonicMs(), report });
      look();
    },
    giveUp: (why) => console.log(`gave up: ${why}`),
  });
}

const sampleOf = (id: string, fromMs: number) => (r: EarReport) =>
  r.type === 'sample' && r.battery === id && r.atMs >= fromMs;

async function bothRead(fromMs: number): Promise<string> {
  const read: string[] = [];
  for (const id of ids) {
    const sample = await until(`sample of ${id}`, LIMIT_MS, sampleOf(id, fromMs), fromMs);
    read.push(`${id}: ${sample.type === 'sample' && sample.reading.socPct} %`);
  }
  return `${read.join(', ')} after ${seconds(monotonicMs() - fromMs)}`;
}

const trace = (text: string) => {
  if (process.env.DEBUG) console.log(Math.round(monotonicMs()), text);
};

const inTime = <T,>(what: string, promise: Promise<T>): Promise<T> =>
  Promise.race([
    promise,
    rest(LIMIT_MS).then(() => {
      throw new Error(`no ${what} within ${seconds(LIMIT_MS)}`);
    }),
  ]);

const adapterIs = (state: string) => (r: EarReport) => r.type === 'adapter' && r.state === state;
const radio = () => bluezPort({ adapter: 'hci0', timers: realTimers });
const alone = () => noblePort({ adapter: 'hci0', stack: 'stoprocent', timers: realTimers, channel: 'user' });

if (process.env.DEBUG)
  spawn(
    'dbus-monitor',
    ['--system', "path_namespace='/org/bluez/hci0/dev_02_00_00_00_00_02',member='PropertiesChanged'"],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );

let daemon: ChildProcess | undefined;
let port = radio();
let listening = listenOn(port);
const kept: BlePort[] = [];

await step('without bluetoothd it says what to do', async () => {
  const missing = await until('missing adapter', LIMIT_MS, adapterIs('missing'), 0);
  claim(
    missing.type === 'adapter' && /bluetoothd.*; start it with/.test(missing.why ?? ''),
    JSON.stringify(missing),
  );
  return missing.type === 'adapter' ? String(missing.why) : '';
});

await step('reads two units', async () => {
  daemon = bluetoothd();
  return bothRead(monotonicMs());
});

await step('a link that is dropped comes back, and the other unit keeps its beat', async () => {
  const fromMs = monotonicMs();
  air('drop 1');
  await until(
    'lost link',
    LIMIT_MS,
    (r) => r.type === 'link' && r.battery === '1' && r.state === 'lost',
    fromMs,
  );
  const lostMs = monotonicMs();
  const back = await until('sample of 1', LIMIT_MS, sampleOf('1', lostMs), lostMs);
  await until('sample of 2', LIMIT_MS, sampleOf('2', lostMs), lostMs);
  const stamps = said.flatMap(({ report: r }) => (r.type === 'sample' && r.battery === '2' ? [r.atMs] : []));
  const gap = Math.max(...stamps.slice(1).map((t, i) => t - (stamps[i] ?? 0)));
  claim(gap < 5000, `a gap of ${seconds(gap)}`);
  return `after ${seconds((back.type === 'sample' ? back.atMs : 0) - fromMs)}, longest gap of the other ${seconds(gap)}`;
});

await step('the links of a process that is gone are taken over by the next', async () => {
  await port.close();
  await listening.stop();
  const fromMs = monotonicMs();
  port = radio();
  listening = listenOn(port);
  return bothRead(fromMs);
});

await step('bluetoothd is killed and started again', async () => {
  const fromMs = monotonicMs();
  daemon?.kill('SIGKILL');
  await until('missing adapter', LIMIT_MS, adapterIs('missing'), fromMs);
  daemon = bluetoothd();
  await until('adapter', LIMIT_MS, adapterIs('ready'), fromMs);
  return bothRead(monotonicMs());
});

await step('the adapter is switched off and on', async () => {
  const fromMs = monotonicMs();
  await port.powerCycle?.();
  await until('adapter off', LIMIT_MS, adapterIs('off'), fromMs);
  return bothRead(monotonicMs());
});

await step('a unit that is forgotten is found anew', async () => {
  const fromMs = monotonicMs();
  await port.forget?.(addressOf('1'));
  await until(
    'lost link',
    LIMIT_MS,
    (r) => r.type === 'link' && r.battery === '1' && r.state === 'lost',
    fromMs,
  );
  return bothRead(monotonicMs());
});

/** What a process without privileges says. Not waited for in one piece: the units live in this process. */
async function nobody(radio: string): Promise<string> {
  const user = ['--reuid=65534', '--regid=65534', '--clear-groups'];
  const program = [process.execPath, `${import.meta.dirname}/nobody.mts`, radio];
  try {
    const { stdout } = await promisify(execFile)('setpriv', [...user, ...program], { timeout: 2 * LIMIT_MS });
    return stdout.trim();
  } catch (error) {
    const { signal } = error as { signal?: string }; // as execFile gives it
    if (signal !== undefined && emulationSignals.includes(signal)) process.exit(BROKEN_PROCESSOR);
    throw error;
  }
}

await step('an attempt that is given up leaves the adapter free for the other unit', async () => {
  await listening.stop();
  port = radio();
  await port.open();
  const heard = new Set<string>();
  const { promise, resolve } = Promise.withResolvers<void>();
  await port.scan((advert) => {
    trace(JSON.stringify(advert));
    heard.add(advert.address);
    if (ids.every((id) => heard.has(addressOf(id)))) resolve();
  });
  await inTime('advert of both', promise);
  await port.stopScan();
  air('hide 1');
  const fromMs = monotonicMs();
  const since = () => seconds(monotonicMs() - fromMs);
  const why = await port
    .connect(addressOf('1'), { timeoutMs: 20_000, signal: AbortSignal.timeout(2000) })
    .then(() => 'connected', sentence);
  const ended = since();
  const link = await port.connect(addressOf('2'), {
    timeoutMs: 20_000,
    signal: new AbortController().signal,
  });
  const linked = since();
  const found = await link.discover();
  await link.disconnect();
  await port.close();
  air('show 1');
  const table = found.map(({ service, uuid, handle }) => `${service}/${uuid}@${handle}`).join(' ');
  return `"${why}" after ${ended}, linked to the other after ${linked}, ${table}`;
});

await step(
  'a user without privileges hears through bluetoothd, and is told what the user channel wants',
  async () => {
    const [bluez, user] = [await nobody('bluez'), await nobody('user')];
    claim(/^hears JBD-/.test(bluez), bluez);
    claim(/^hci0: the HCI user channel is not permitted to this user; give/.test(user), user);
    return `${bluez}; "${user}"`;
  },
);

await step('the user channel says who is in its way', async () => {
  port = alone();
  const why = await port.open().then(() => 'open', sentence);
  claim(/^hci0: somebody else holds the adapter/.test(why), why);
  return why;
});

await step('the user channel on an adapter of its own reads both units', async () => {
  const gone = new Promise((resolve) => daemon?.on('exit', resolve));
  daemon?.kill();
  await gone;
  execFileSync('hciconfig', ['hci0', 'down']);
  const fromMs = monotonicMs();
  port = alone();
  listening = listenOn(port);
  return bothRead(fromMs);
});

await step('a unit that the user channel forgets is found anew', async () => {
  const fromMs = monotonicMs();
  await port.forget?.(addressOf('1'));
  await until(
    'lost link',
    LIMIT_MS,
    (r) => r.type === 'link' && r.battery === '1' && r.state === 'lost',
    fromMs,
  );
  return bothRead(monotonicMs());
});

await step(
  'the shared raw channel reads both units, and its adapter is switched off and on with hciconfig',
  async () => {
    await listening.stop();
    // The native part closes its file once more when it is collected; by then the number may be another's.
    kept.push(port);
    execFileSync('hciconfig', ['hci0', 'up']);
    const fromMs = monotonicMs();
    port = noblePort({ adapter: 'hci0', stack: 'stoprocent', timers: realTimers });
    listening = listenOn(port);
    const first = await bothRead(fromMs);
    const cycleMs = monotonicMs();
    await port.powerCycle?.();
    await until('lost link', LIMIT_MS, (r) => r.type === 'link' && r.state === 'lost', cycleMs);
    const state = execFileSync('hciconfig', ['hci0'], { encoding: 'utf8' });
    claim(/UP RUNNING/.test(state), state);
    return `${first}; up again after ${seconds(monotonicMs() - cycleMs)}`;
  },
);

end();
