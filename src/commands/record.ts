import { createWriteStream, existsSync, type WriteStream } from 'node:fs';
import { Argument, type Command } from 'commander';
import type { EarReport } from '../ble/orders.ts';
import type { BlePort } from '../ble/port.ts';
import { recordedPort } from '../ble/recorded.ts';
import { session } from '../ble/session.ts';
import { pause } from '../ble/timers.ts';
import { turns } from '../ble/turns.ts';
import type { Advert, BmsDriver } from '../bms/driver.ts';
import { driverById, driverFor, driverIds } from '../bms/drivers.ts';
import { maskedLines } from '../bms/masked.ts';
import { captureHead } from '../bytes/capture.ts';
import { GatewayError } from '../model/errors.ts';
import { monotonicMs } from '../model/freshness.ts';
import { realTimers } from '../timers.ts';
import { durationMs } from './arguments.ts';
import { addRadioOptions, addressOf, hearUnit, print, type RadioOptions, withRadio } from './radio.ts';

interface RecordOptions extends RadioOptions {
  readonly for: number;
  readonly bms?: string;
}

const POLL_MS = 2000;

const refused = (message: string) => new GatewayError('REFUSED', { message });

function chooseDriver(advert: Advert, id: string | undefined): BmsDriver {
  const driver = id === undefined ? driverFor(advert) : driverById(id);
  if (driver) return driver;
  throw refused(
    `${id === undefined ? 'no driver matches this unit' : `there is no driver "${id}"`}; choose one with --bms: ${driverIds.join(', ')}`,
  );
}

/** Never over a capture that is there already: it may be the only one of its kind. */
function refuseOverwriting(file: string): void {
  if (existsSync(file)) throw refused(`${file} is there already; choose another name`);
}

interface Task {
  readonly address: string;
  readonly driver: BmsDriver;
  readonly out: WriteStream;
  readonly forMs: number;
}

/** Writes what goes over the air for so long; how many complete samples it held. */
async function record(port: BlePort, task: Task, signal: AbortSignal): Promise<number> {
  const startedMs = monotonicMs();
  let samples = 0;
  const line = maskedLines();
  const recorded = recordedPort(port, (entry) =>
    task.out.write(line({ ...entry, seconds: (monotonicMs() - startedMs) / 1000 })),
  );
  const report = (r: EarReport) => {
    if (r.type === 'sample') samples++;
    if (r.type === 'link') print(`${r.state}${r.why ? `: ${r.why}` : ''}`);
    if (r.type === 'notice') print(r.text);
  };
  const listening = session({
    address: task.address,
    driver: task.driver,
    batteries: [{ id: task.address }],
    pollMs: POLL_MS,
    turns: turns(recorded, realTimers),
    timers: realTimers,
    report,
  });
  await pause(realTimers, task.forMs, signal);
  listening.stop();
  await listening.ended;
  return samples;
}

async function run(address: string, file: string, options: RecordOptions): Promise<void> {
  refuseOverwriting(file);
  await withRadio(options, async (port, signal) => {
    const advert = await hearUnit(port, address, signal);
    const driver = chooseDriver(advert, options.bms);
    const out = createWriteStream(file, { flags: 'wx' });
    const name = advert.name === undefined ? {} : { name: advert.name };
    out.write(captureHead({ bms: driver.id, address, ...name }));
    const samples = await record(port, { address, driver, out, forMs: options.for }, signal);
    await new Promise((resolve) => out.end(resolve));
    if (samples === 0) throw refused(`${file} holds no complete answer; look at it, or try another --bms`);
    print(`${file} holds ${samples} complete samples`);
  });
}

export function addRecord(program: Command): void {
  const command = program
    .command('record')
    .description('write the raw bytes of one unit to a capture file')
    .addArgument(new Argument('<address>', 'as `bmsgate scan` shows it').argParser(addressOf))
    .argument('<file>', 'the capture to write')
    .option('--bms <id>', 'the driver that asks; else the one that matches the advert')
    .option('--for <duration>', 'how long, e.g. 30s or 10m', durationMs, 60_000)
    .action(run);
  addRadioOptions(command);
}
