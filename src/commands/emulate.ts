import type { Command } from 'commander';
import { ramped } from '../bank/stale.ts';
import { readText } from '../config/files.ts';
import type { InverterPlan, Wire } from '../config/inverters.ts';
import { loadProfile } from '../config/profile-files.ts';
import { newLedger } from '../events/ledger.ts';
import { type EventLine, eventLine } from '../events/line.ts';
import { type BankState, VALID_FOR_MS } from '../model/bank-state.ts';
import { GatewayError } from '../model/errors.ts';
import { monotonicMs } from '../model/freshness.ts';
import type { SignalValues } from '../model/signals.ts';
import type { CompiledModbus, CompiledProfile } from '../profile/compile.ts';
import { isIncomplete } from '../profile/encode.ts';
import { readState } from '../profile/state-file.ts';
import { after } from '../timers.ts';
import { holdAll } from '../wires/hold.ts';
import { openWires } from '../wires/outputs.ts';
import { collect, settingsOf } from './profile-options.ts';
import { realCan, stopSignal } from './serving.ts';

interface EmulateOptions {
  readonly profile: string;
  readonly state: string;
  readonly serial?: string;
  readonly tcp?: string;
  readonly can?: string;
  readonly for: string;
  readonly live?: true;
  readonly option: readonly string[];
}

const RAMP_MS = 10_000;
const REMIND_MS = 10_000;
/** Above this a real inverter moves real energy on invented numbers. */
const HARMLESS_A = 5;
const LONGEST_MIN = 60;

const refuse = (message: string): GatewayError => new GatewayError('REFUSED', { message });

/** `90s` or `10m`, in ms. */
function spanMs(text: string): number {
  const [, count, unit] = /^(\d+)(s|m)$/.exec(text) ?? [];
  const ms = Number(count) * (unit === 'm' ? 60_000 : 1000);
  if (!(ms > 0 && ms <= LONGEST_MIN * 60_000))
    throw refuse(`--for ${text}: write a time span up to ${LONGEST_MIN}m, such as 90s or 10m`);
  return ms;
}

function stateOf(file: string): SignalValues {
  const result = readState(file, readText(file));
  if ('problems' in result) throw new GatewayError('DOCUMENT_INVALID', { problems: result.problems });
  return result.signals;
}

function refuseStrong(signals: SignalValues, live: boolean): void {
  const most = Math.max(signals.chargeCurrentLimitA ?? 0, signals.dischargeCurrentLimitA ?? 0);
  if (most > HARMLESS_A && !live)
    throw refuse(
      `the state allows ${most} A; these are not measurements: lower both current limits to ${HARMLESS_A} A, or add --live when a battery that can take it is connected`,
    );
}

/** A battery that lacks what the profile requires would be silent for the whole time. */
function refuseIncomplete(file: string, compiled: CompiledProfile, given: SignalValues): void {
  const { can, modbus, serial } = compiled;
  const made = can?.frames(given) ?? modbus?.image(given) ?? serial?.say(given) ?? {};
  if (isIncomplete(made))
    throw refuse(
      `${file} lacks ${made.missing.join(', ')}, which this profile requires; add what is missing`,
    );
}

/** `1502` is this machine only; `0.0.0.0:1502` is everybody. */
const tcpName = (text: string): { name: string; host: string; port: number } => {
  const [, host = '127.0.0.1', digits] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (!(port >= 1 && port <= 65_535)) throw refuse(`--tcp ${text}: write a port of 1 to 65535, such as 1502`);
  return { name: `${host}:${port}`, host, port };
};

/** The serial line of a profile at its own settings. */
const serialWire = (
  name: string,
  { baud, parity, stopBits }: Pick<CompiledModbus, 'baud' | 'parity' | 'stopBits'>,
  units: readonly number[],
) => ({ kind: 'serial', name, units, baud, parity, stopBits }) as const;

/** The wire that this profile speaks on; undefined when that one was not asked for. */
function fittingWire(
  { serial: path, tcp, can }: EmulateOptions,
  { modbus, serial }: CompiledProfile,
): Wire | undefined {
  if (serial)
    return path === undefined
      ? undefined
      : { ...serialWire(path, serial, serial.addresses), codec: serial.codec };
  if (!modbus) return can === undefined ? undefined : { kind: 'can', name: can };
  if (path !== undefined) return serialWire(path, modbus, modbus.units);
  return tcp === undefined ? undefined : { kind: 'tcp', units: modbus.units, ...tcpName(tcp) };
}

function speaks({ modbus, serial }: CompiledProfile): string {
  if (serial) return `${serial.codec}: add --serial PATH`;
  return modbus ? 'Modbus: add --serial PATH or --tcp PORT' : 'CAN: add --can IFACE';
}

/** The one wire that was asked for. */
function wireOf(options: EmulateOptions, compiled: CompiledProfile): Wire {
  const { serial, tcp, can } = options;
  if ([serial, tcp, can].filter((wire) => wire !== undefined).length > 1)
    throw refuse('a battery is emulated on one wire: give one of --serial, --tcp, --can');
  const wire = fittingWire(options, compiled);
  if (!wire) throw refuse(`profile \`${compiled.profile.id}\` speaks ${speaks(compiled)}`);
  return wire;
}

/** The written state at a moment: its heartbeat counts, and after `untilMs` its limits fall to zero. */
function stateAt(given: SignalValues, startedMs: number, untilMs: number, nowMs: number): BankState {
  const seconds = Math.floor((nowMs - startedMs) / 1000);
  const falling = (limitA: number | undefined) =>
    limitA === undefined ? undefined : ramped(limitA, untilMs, RAMP_MS, nowMs);
  const chargeA = falling(given.chargeCurrentLimitA);
  const dischargeA = falling(given.dischargeCurrentLimitA);
  return {
    sequence: seconds,
    evaluatedAtMs: nowMs,
    validUntilMs: nowMs + VALID_FOR_MS,
    freshness: given.freshness ?? 'fresh',
    ...(given.dataAgeS !== undefined && { sampleAtMs: nowMs - 1000 * given.dataAgeS }),
    packs: [],
    notices: [],
    reasons: { chargeCurrent: [], dischargeCurrent: [], chargeVoltage: [], dischargeVoltage: [] },
    signals: {
      ...given,
      heartbeat: ((given.heartbeat ?? 0) + seconds) % 256,
      ...(chargeA !== undefined && { chargeCurrentLimitA: chargeA }),
      ...(dischargeA !== undefined && { dischargeCurrentLimitA: dischargeA }),
      ...(chargeA === 0 && { chargeEnable: false }),
      ...(dischargeA === 0 && { dischargeEnable: false }),
    },
  };
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const told = ({ text, fields }: EventLine): string =>
  [text, ...Object.entries(fields).flatMap(([k, v]) => (v === undefined ? [] : `${k}=${v}`))].join(' ');

/** Why nothing may be seen on the bus yet. */
function manner({ can }: CompiledProfile): string[] {
  if (can?.talk.starts === 'heard') return ['nothing is sent before the inverter is heard'];
  return can?.layouts.every(({ when_asked }) => when_asked)
    ? ['nothing is sent unless the inverter asks']
    : [];
}

/** Serves the written state until the time is over, its limits have fallen, or somebody stops it. */
async function serve(plan: InverterPlan, given: SignalValues, forMs: number): Promise<void> {
  const startedMs = monotonicMs();
  const untilMs = startedMs + forMs;
  const over = Promise.withResolvers<void>();
  let state = stateAt(given, startedMs, untilMs, startedMs);
  const wires = openWires([plan], {
    clock: monotonicMs,
    after,
    state: () => state,
    canLine: realCan,
    ledger: newLedger('emulate', (event) => {
      say(told(eventLine(event)));
      const { why, remedy } = event.details ?? {};
      if (event.line?.endsWith('unavailable')) over.reject(refuse([why, remedy].filter(Boolean).join('; ')));
    }),
  });
  const beat = setInterval(() => {
    const nowMs = monotonicMs();
    state = stateAt(given, startedMs, untilMs, nowMs);
    if (nowMs >= untilMs + RAMP_MS + VALID_FOR_MS) over.resolve();
  }, 1000);
  const remind = () =>
    say(
      monotonicMs() < untilMs
        ? `emulating ${plan.compiled.profile.id} on ${plan.wire.name}: these are not measurements`
        : 'the time is over: limits fall to zero; these are not measurements',
    );
  const reminder = setInterval(remind, REMIND_MS);
  remind();
  for (const line of manner(plan.compiled)) say(line);
  try {
    await Promise.race([over.promise, stopSignal()]);
  } finally {
    clearInterval(beat);
    clearInterval(reminder);
    for (const wire of wires) wire.close();
  }
}

async function emulate(options: EmulateOptions): Promise<void> {
  const compiled = loadProfile(options.profile, { settings: settingsOf(options.option) });
  const given = stateOf(options.state);
  refuseStrong(given, options.live === true);
  refuseIncomplete(options.state, compiled, given);
  const forMs = spanMs(options.for);
  const wire = wireOf(options, compiled);
  const release = await holdAll(wire.kind === 'can' ? [wire.name] : []);
  await serve({ id: compiled.profile.id, wire, compiled }, given, forMs).finally(release);
}

/** `bmsgate emulate`: a battery that is not there, for commissioning. */
export function addEmulate(program: Command): void {
  program
    .command('emulate')
    .description('be a battery of this state on a bus: commissioning before the BMS is there')
    .requiredOption('--profile <id>', 'profile id, or path of a profile file')
    .requiredOption('--state <file>', 'JSON of signal names and values')
    .option('--serial <path>', 'a serial port')
    .option('--tcp <port>', 'Modbus TCP: a port of this machine, or host:port')
    .option('--can <iface>', 'a CAN interface')
    .option('--for <span>', `how long, at most ${LONGEST_MIN}m`, '10m')
    .option('--live', `allow current limits above ${HARMLESS_A} A`)
    .option('--option <name=value>', 'an option of the profile', collect, [])
    .action(emulate);
}
