import type { Command } from 'commander';
import { type GatewayConfig, readGateway } from '../config/gateway-file.ts';
import { loadProfile } from '../config/profile-files.ts';
import { radioPlans } from '../config/radios.ts';
import {
  adapter,
  bluetoothDaemon,
  bluetoothSockets,
  nativePart,
  neededDaemon,
  type Radio,
  rawBluetooth,
} from './doctor/bluetooth.ts';
import { canBuses, type WantedBus } from './doctor/can.ts';
import { type Finding, type Look, thisMachine } from './doctor/look.ts';
import { disk, runFolder, wallClock } from './doctor/machine.ts';
import { serialPorts } from './doctor/serial.ts';

/** What a gateway file asks of the machine. */
export interface Needs {
  readonly adapters: readonly string[];
  readonly radio: Radio;
  readonly stack: 'stoprocent' | 'abandonware';
  readonly buses: readonly WantedBus[];
  readonly serials: readonly string[];
}

/** What the batteries on the air need; a file whose batteries are on wires and behind proxies needs nothing of it. */
function bluetooth(look: Look, needs?: Needs): Finding[] {
  const { adapters = ['hci0'], radio = 'hci', stack = 'stoprocent' } = needs ?? {};
  if (adapters.length === 0) return [];
  const states = [bluetoothSockets(look), ...adapters.map((name) => adapter(look, name, radio))];
  if (radio === 'bluez') return [...states, neededDaemon(look)];
  return [...states, bluetoothDaemon(look), rawBluetooth(look), nativePart(look, stack)];
}

/** Everything that the needs rest on; without needs, everything that is there, and nothing of it is needed. */
export function examine(look: Look, needs?: Needs): Finding[] {
  const wantsCan = needs ? needs.buses.length > 0 : true;
  return [
    ...bluetooth(look, needs),
    ...(wantsCan ? [nativePart(look, 'can')] : []),
    ...(wantsCan ? canBuses(look, needs?.buses) : []),
    ...serialPorts(look, needs?.serials),
    wallClock(look),
    disk(look),
    runFolder(look),
  ];
}

const signs = { ok: 'ok', note: ' !', broken: '!!' } as const;

export const findingText = ({ state, about, is, mend }: Finding): string =>
  `${signs[state]}  ${about}: ${is}${mend ? `\n      ${mend}` : ''}`;

const USUAL_BITRATE = 500_000;

/** The bit rate that an inverter's profile asks for; a profile that is wrong is `check`'s business. */
function bitrateOf(profile: string): number {
  try {
    return loadProfile(profile).can?.bitrate ?? USUAL_BITRATE;
  } catch {
    return USUAL_BITRATE; // `check` says what is wrong with the profile
  }
}

/** What this gateway file needs. Throws what reading it throws. */
export function needsOf(file: GatewayConfig['file']): Needs {
  const { batteries, bluetooth, inverters } = file;
  const used = radioPlans(file).flatMap(({ kind, name }) => (kind === 'adapter' ? name : []));
  return {
    adapters: [...used, ...(bluetooth.stand_in ? [bluetooth.stand_in] : [])],
    radio: bluetooth.radio,
    stack: bluetooth.stack,
    buses: inverters.flatMap((i) => (i.can ? [{ name: i.can, bitrate: bitrateOf(i.profile) }] : [])),
    serials: [...new Set([...inverters, ...batteries].flatMap(({ serial }) => serial ?? []))],
  };
}

interface DoctorOptions {
  readonly config?: string;
  readonly json?: boolean;
}

function doctor({ config, json }: DoctorOptions): void {
  const needs = config === undefined ? undefined : needsOf(readGateway(config).file);
  const findings = examine(thisMachine, needs);
  process.stdout.write(`${json ? JSON.stringify(findings) : findings.map(findingText).join('\n')}\n`);
  if (needs && findings.some(({ state }) => state === 'broken')) process.exitCode = 1;
}

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'look at the adapter, the buses, the ports, the clock and the disk: what is wrong and what mends it',
    )
    .option(
      '--config <file>',
      'look at what this gateway file needs, and fail when something of that is broken',
    )
    .option('--json', 'print the findings as JSON')
    .action(doctor);
}
