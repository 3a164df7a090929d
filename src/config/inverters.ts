import { frameKey } from '../model/can-frame.ts';
import type { DocumentProblem } from '../model/errors.ts';
import type { CompiledModbus, CompiledProfile } from '../profile/compile.ts';
import { problemIn } from '../profile/places.ts';
import type { CompiledSerial } from '../profile/serial/compile.ts';
import type { GatewayConfig } from './gateway-file.ts';
import type { InverterEntry } from './schema.ts';

/** The wire of one inverter with everything that the file and the profile say of it. */
export type Wire =
  | { readonly kind: 'can'; readonly name: string }
  | {
      readonly kind: 'serial';
      readonly name: string;
      /** What speaks on it; absent is Modbus RTU. */
      readonly codec?: CompiledSerial['codec'];
      /** Unit ids, or the addresses of the codec if it has any. */
      readonly units: readonly number[];
      readonly baud: number;
      readonly parity: 'none' | 'even' | 'odd';
      readonly stopBits: 1 | 2;
      readonly replyDelay?: 't3.5' | number;
      readonly idleMs?: number;
      readonly localEcho?: boolean;
    }
  | {
      readonly kind: 'tcp';
      /** `host:port`, as written. */
      readonly name: string;
      readonly host: string;
      readonly port: number;
      readonly units: readonly number[];
    };

/** One inverter that can be served: its wire and its compiled profile. */
export interface InverterPlan {
  readonly id: string;
  readonly wire: Wire;
  readonly compiled: CompiledProfile;
  /** Tells the texts that the profile was read from; absent for a good copy in their place. */
  readonly textHash?: string;
}

/** What all who share a line must agree on, as the file calls it. */
const LINE = [
  ['baud', 'baud'],
  ['parity', 'parity'],
  ['stopBits', 'stop_bits'],
  ['replyDelay', 'reply_delay'],
  ['idleMs', 'idle'],
  ['localEcho', 'local_echo'],
] as const;

/** What the file says of a serial line, else the profile. */
function serialWire(
  entry: InverterEntry,
  { baud, parity, stopBits }: Pick<CompiledModbus, 'baud' | 'parity' | 'stopBits'>,
  units: readonly number[],
): Extract<Wire, { kind: 'serial' }> {
  return {
    kind: 'serial',
    name: entry.serial ?? '',
    units: entry.unit === undefined ? units : [entry.unit],
    baud: entry.baud ?? baud,
    parity: entry.parity ?? parity,
    stopBits: entry.stop_bits ?? stopBits,
    ...(entry.reply_delay !== undefined && { replyDelay: entry.reply_delay }),
    ...(entry.idle !== undefined && { idleMs: entry.idle }),
    ...(entry.local_echo !== undefined && { localEcho: entry.local_echo }),
  };
}

/** A codec of ours speaks on a serial line and nowhere else. */
function codecWire(entry: InverterEntry, id: string, serial: CompiledSerial): Wire | string {
  if (entry.serial === undefined)
    return `profile \`${id}\` speaks ${serial.codec} on a serial line; give \`serial\``;
  if (entry.unit !== undefined && serial.addresses.length === 0)
    return `profile \`${id}\` has no addresses; take \`unit\` away`;
  return { ...serialWire(entry, serial, serial.addresses), codec: serial.codec };
}

/** The wire, or a sentence about why this profile cannot speak on it. */
function wireOf(entry: InverterEntry, compiled: CompiledProfile): Wire | string {
  const { can, modbus, serial, profile } = compiled;
  if (serial) return codecWire(entry, profile.id, serial);
  if (entry.can !== undefined)
    return can
      ? { kind: 'can', name: entry.can }
      : `profile \`${profile.id}\` speaks Modbus; give \`serial\` or \`tcp\``;
  if (!modbus) return `profile \`${profile.id}\` speaks CAN; give \`can: can0\``;
  const line = serialWire(entry, modbus, modbus.units);
  return entry.tcp === undefined
    ? line
    : { kind: 'tcp', name: entry.tcp, units: line.units, ...hostAndPort(entry.tcp) };
}

/** `host:port` as the schema takes it; an IPv6 address has its brackets off. */
export const hostAndPort = (text: string): { host: string; port: number } => {
  const at = text.lastIndexOf(':');
  return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) };
};

/** Plans one inverter of the file; a problem carries its place. */
export function planInverter(
  config: GatewayConfig,
  at: number,
  entry: InverterEntry,
  compiled: CompiledProfile,
): InverterPlan | { readonly problem: DocumentProblem } {
  const wire = wireOf(entry, compiled);
  return typeof wire === 'string'
    ? { problem: problemIn(config, ['inverters', at, 'profile'], wire) }
    : { id: entry.id, wire, compiled };
}

/** Why two inverters cannot share a wire; undefined when they can. */
function clash(a: InverterPlan, b: InverterPlan): string | undefined {
  if (a.wire.kind !== b.wire.kind || a.wire.name !== b.wire.name) return undefined;
  return canClash(a, b) ?? codecClash(a.wire, b.wire) ?? lineClash(a.wire, b.wire) ?? unitClash(a, b);
}

function canClash(a: InverterPlan, b: InverterPlan): string | undefined {
  const ids = new Set((a.compiled.can?.layouts ?? []).map(frameKey));
  if (a.wire.kind !== 'can') return undefined;
  const recluse = [a, b].find(({ compiled }) => compiled.profile.can?.alone);
  if (recluse)
    return `\`${recluse.compiled.profile.id}\` bears nobody else on its bus; give it a CAN interface of its own`;
  const common = b.compiled.can?.layouts.find((frame) => ids.has(frameKey(frame)));
  return common && `both send frame 0x${common.id.toString(16)}; give one of them another CAN interface`;
}

const NO_ADDRESSES = 'kostal';

function codecClash(a: Wire, b: Wire): string | undefined {
  if (a.kind !== 'serial' || b.kind !== 'serial') return undefined;
  const [other, one] = [a, b].map(({ codec }) => codec ?? 'Modbus');
  if (one !== other) return `one speaks ${one}, the other ${other}; use another line`;
  return one === NO_ADDRESSES
    ? 'its protocol has no addresses to tell them apart; use another line'
    : undefined;
}

function lineClash(a: Wire, b: Wire): string | undefined {
  if (a.kind !== 'serial' || b.kind !== 'serial') return undefined;
  const [, unlike] = LINE.find(([key]) => a[key] !== b[key]) ?? [];
  return unlike && `they want different line settings (${unlike}); make them equal or use another line`;
}

function unitClash(a: InverterPlan, b: InverterPlan): string | undefined {
  if (a.wire.kind === 'can' || b.wire.kind === 'can') return undefined;
  const units = new Set(a.wire.units);
  const common = b.wire.units.find((unit) => units.has(unit));
  return common === undefined
    ? undefined
    : `both answer as unit ${common}; give one of them another \`unit\``;
}

/** Every pair of inverters that cannot stand on one wire, at the later one's place. */
export function clashes(config: GatewayConfig, plans: readonly InverterPlan[]): DocumentProblem[] {
  return plans.flatMap((plan, i) =>
    plans.slice(0, i).flatMap((other) => {
      const why = clash(other, plan);
      const at = config.file.inverters.findIndex((entry) => entry.id === plan.id);
      return why
        ? [
            problemIn(
              config,
              ['inverters', at],
              `\`${plan.id}\` and \`${other.id}\` share ${plan.wire.name}, and ${why}`,
            ),
          ]
        : [];
    }),
  );
}
