import type { BankConfig } from '../bank/config.ts';
import { evaluate } from '../bank/evaluate.ts';
import type { Evaluation } from '../bank/memory.ts';
import { looksLikeBox } from '../blackbox/head.ts';
import { unitsAsBatteries } from '../ble/captured-units.ts';
import type { BmsDriver } from '../bms/driver.ts';
import { driverById, driverIds } from '../bms/drivers.ts';
import { type CapturedSample, capturedSamples, unitsOf } from '../bms/samples.ts';
import { type Capture, looksLikeCapture, parseCapture } from '../bytes/capture.ts';
import type { Start } from '../child.ts';
import { type ConfigurationRead, planAll } from '../config/configuration.ts';
import { readText } from '../config/files.ts';
import type { GatewayConfig } from '../config/gateway-file.ts';
import { addressOf as addressOfBattery } from '../config/radios.ts';
import { looksLikeScenario } from '../config/scenario-mark.ts';
import type { Ahead } from '../forked.ts';
import type { PackSample } from '../model/battery.ts';
import { GatewayError } from '../model/errors.ts';
import { readInSteps, readProfileAside } from '../read-aside.ts';
import { explained } from './explain-table.ts';
import { listenOrder } from './listen-order.ts';
import { print } from './print.ts';
import { ownCan, serveUntilStopped, spareCan } from './serving.ts';

export interface ReplayOptions {
  readonly explain?: true;
  readonly config?: string;
  readonly bms?: string;
  readonly loop?: true;
  readonly wires?: true;
}

const refuse = (message: string): GatewayError => new GatewayError('REFUSED', { message });

function readCapture(file: string, text: string): Capture {
  if (!looksLikeCapture(text))
    throw refuse(
      `${file} is no capture, no scenario and no black box; its first line is \`# bmsgate capture 1\` (\`bmsgate record\` writes one) or \`# bmsgate scenario 1\`, and a black box begins with \`{"bmsgate_black_box":\``,
    );
  const capture = parseCapture(text);
  if (!('message' in capture)) return capture;
  const problems = [{ file, line: capture.line, column: 1, message: capture.message }];
  throw new GatewayError('DOCUMENT_INVALID', { problems });
}

function driverOf(capture: Capture, bms = capture.headers.bms ?? 'jbd'): BmsDriver {
  const driver = driverById(bms);
  if (!driver) throw refuse(`there is no BMS driver \`${bms}\`; choose one of: ${driverIds.join(', ')}`);
  return driver;
}

const isAddress = (unit: string): boolean => /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(unit);

/** A unit that is named by its address keeps it; a battery's id has no colons. */
const addressOf = (unit: string, i: number): string =>
  isAddress(unit) ? unit : `02:00:00:00:01:${(i + 1).toString(16).padStart(2, '0')}`;
const idOf = (unit: string): string => unit.replaceAll(':', '-');

/** A bank made of the units of a capture, side by side, held to modest limits: nobody said what they may carry. */
function bankOfCapture(driver: BmsDriver, capture: Capture, samples: readonly CapturedSample[]): string {
  const units = unitsOf(capture.entries).filter((unit) => samples.some((s) => s.unit === unit));
  if (!units.length)
    throw refuse('no unit of this capture gives one complete sample; nothing can be replayed');
  const cellsOf = (unit: string) =>
    samples.find((s) => s.unit === unit)?.sample.reading.cellVoltagesV?.length;
  const batteries = units.map(
    (unit, i) =>
      `  - { id: ${idOf(unit)}, bms: ${driver.id}, address: "${addressOf(unit, i)}", cells: ${cellsOf(unit)} }`,
  );
  return `
batteries:
${batteries.join('\n')}
bank:
  strings: [${units.map((unit) => `[${idOf(unit)}]`).join(', ')}]
  envelope: { charge_current_A: 50, discharge_current_A: 50, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
  - { id: ems, profile: generic-modbus, tcp: "127.0.0.1:1502" }
  - { id: house, profile: pylontech-lv, can: vcan0 }
`;
}

/** A bank of which no battery is in the capture would be silent for ever. */
function refuseStrangers({ path, file }: GatewayConfig, samples: readonly CapturedSample[]): void {
  if (samples.some(({ unit }) => file.batteries.some(({ id }) => id === unit))) return;
  const units = [...new Set(samples.map(({ unit }) => unit))].join(', ');
  throw refuse(
    units
      ? `no battery of ${path} is in the capture; its units are ${units}: name the batteries so, or give them these addresses`
      : 'no unit of this capture gives one complete sample; nothing can be replayed',
  );
}

const AFTERMATH_MS = 75_000;

/** Evaluates the bank over the capture, each second and at each sample, and until all is lost after its end. */
export function* evaluations(bank: BankConfig, samples: readonly CapturedSample[]): Generator<Evaluation> {
  const held: Record<string, PackSample> = {};
  let state: Evaluation | undefined;
  const look = (nowMs: number) => {
    state = evaluate({ samples: { ...held } }, state, bank, nowMs);
    return state;
  };
  const endMs = Math.max(...samples.map((s) => s.heardAtMs)) + AFTERMATH_MS;
  const due = samples.toSorted((a, b) => a.heardAtMs - b.heardAtMs);
  for (let nowMs = 0; nowMs <= endMs; nowMs += 1000) {
    for (let next = due[0]; next && next.heardAtMs <= nowMs; next = due[0]) {
      due.shift();
      held[next.unit] = next.sample;
      yield look(next.heardAtMs);
    }
    yield look(nowMs);
  }
}

/** What is played back is no measurement: it goes into no history, and nobody is alerted. */
const unkept = (read: ConfigurationRead): ConfigurationRead => ({
  ...read,
  config: { ...read.config, file: { ...read.config.file, history: undefined, alerts: undefined } },
});

interface ReplayChildren {
  /** Reads the units of the capture, if it is served. */
  readonly ear: Ahead | undefined;
  /** Reads the gateway file. */
  readonly startReader: Start;
}

export async function replayFile(
  file: string,
  options: ReplayOptions,
  { ear, startReader }: ReplayChildren,
): Promise<void> {
  const text = readText(file);
  if (looksLikeBox(text)) {
    const { replayBox } = await import('./replay-box.ts');
    return replayBox(file, text, options);
  }
  if (options.wires) throw refuse(`${file} is no black box, which \`--wires\` is for; leave it out`);
  if (looksLikeScenario(text)) {
    const { replayScenario } = await import('./replay-scenario.ts');
    return replayScenario(file, text, options);
  }
  const capture = readCapture(file, text);
  const driver = driverOf(capture, options.bms);
  const question =
    options.config === undefined
      ? { path: file, text: bankOfCapture(driver, capture, capturedSamples(driver, capture.entries)) }
      : { path: options.config };
  const reading = readInSteps({ type: 'gateway', ...question }, startReader);
  const config = await reading.file;
  const batteries = config.file.batteries.map((b) => ({ id: b.id, address: addressOfBattery(b) }));
  const own = unitsAsBatteries(capture, batteries);
  const samples = capturedSamples(driver, own.entries);
  refuseStrangers(config, samples);
  if (options.explain || !ear) return print(explained(evaluations(config.bank, samples)));
  await serveUntilStopped(
    {
      reading,
      ear,
      listen: (listened) =>
        listenOrder(listened, {
          name: 'replay',
          form: 'replay',
          captureFile: file,
          isLooped: options.loop === true,
        }),
      options: (read) => ({
        ...planAll(unkept(read), readProfileAside(false)),
        level: config.file.log.level,
      }),
    },
    options.config === undefined ? spareCan : ownCan,
  );
}
