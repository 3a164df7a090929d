import type { CanFrame } from '../model/can-frame.ts';
import type { SignalValues } from '../model/signals.ts';
import { allOrMissing, compileLayout, type Incomplete } from './encode.ts';
import { type FrameLayout, frameLayouts, type Layout, type WindowLayout, windowLayouts } from './layout.ts';
import { holds, type Settings, settingsInForce, withIdentity } from './options.ts';
import { compileImage, type RegisterImage } from './registers.ts';
import type { CanSpec, ModbusSpec, Profile } from './schema.ts';
import { asTold } from './told.ts';
import { compileWriteTable, type WriteTable } from './write-table.ts';

/** The CAN side of a compiled profile. */
export interface CompiledCan {
  readonly bitrate: number;
  readonly everyMs: number;
  readonly gapMs: number;
  readonly minGapMs: number;
  readonly receives: CanSpec['receives'];
  readonly layouts: readonly FrameLayout[];
  /** All frames of one beat, in the profile's order, from one state. */
  readonly frames: (signals: SignalValues) => readonly CanFrame[] | Incomplete;
}

/** The Modbus side of a compiled profile. */
export interface CompiledModbus {
  readonly units: readonly number[];
  readonly baud: number;
  readonly parity: ModbusSpec['parity'];
  readonly stopBits: ModbusSpec['stop_bits'];
  readonly functions: ReadonlySet<number>;
  readonly silentAfterMs: number;
  readonly layouts: readonly WindowLayout[];
  readonly writable: WriteTable;
  readonly image: (signals: SignalValues) => RegisterImage | Incomplete;
}

/** A profile under one choice of options, ready for the wires. Exactly one of `can` and `modbus` is there. */
export interface CompiledProfile {
  readonly profile: Profile;
  readonly settings: Settings;
  readonly lost: Profile['lost'];
  readonly can?: CompiledCan;
  readonly modbus?: CompiledModbus;
  /** Texts for function codes 17 and 43/14, and for people. */
  readonly identity: { readonly vendor: string; readonly product: string; readonly revision: string };
}

/** The values that every layout of the profile is filled from. */
export const valuesFor = (profile: Profile, given: Settings): ((signals: SignalValues) => SignalValues) => {
  const identified = withIdentity(profile, given);
  return (signals) => asTold(identified(signals), profile.stale_cvl);
};

/** Only what is in force under these settings. */
export const inForce = <L extends Layout>(layouts: readonly L[], settings: Settings): L[] =>
  layouts
    .filter((layout) => holds(layout.when, settings))
    .map((layout) => ({ ...layout, slots: layout.slots.filter((slot) => holds(slot.when, settings)) }));

/** One frame as a function; Incomplete names the required signals that are unknown. */
export function compileFrame(layout: FrameLayout): (values: SignalValues) => CanFrame | Incomplete {
  const encode = compileLayout(layout);
  const { id, extended } = layout;
  return (values) => {
    const data = encode(values);
    return data instanceof Uint8Array ? { id, extended, data } : data;
  };
}

function compileCan(
  spec: CanSpec,
  settings: Settings,
  values: (s: SignalValues) => SignalValues,
): CompiledCan {
  const layouts = inForce(frameLayouts(spec), settings);
  const writers = layouts.map(compileFrame);
  return {
    bitrate: spec.bitrate,
    everyMs: spec.every,
    gapMs: spec.gap,
    minGapMs: spec.min_gap,
    receives: spec.receives,
    layouts,
    frames: (signals) => {
      const told = values(signals);
      return allOrMissing(writers.map((write) => write(told)));
    },
  };
}

function compileModbus(
  spec: ModbusSpec,
  settings: Settings,
  values: (s: SignalValues) => SignalValues,
): CompiledModbus {
  const layouts = inForce(windowLayouts(spec), settings);
  const writable = compileWriteTable(spec.writable);
  const image = compileImage(layouts, writable);
  return {
    units: spec.units,
    baud: spec.baud,
    parity: spec.parity,
    stopBits: spec.stop_bits,
    functions: new Set(spec.functions),
    silentAfterMs: spec.silent_after,
    layouts,
    writable,
    image: (signals) => image(values(signals)),
  };
}

/** Compiles a checked profile under an installer's settings; what he leaves out has the option's default. */
export function compileProfile(profile: Profile, given: Settings = {}): CompiledProfile {
  const settings = settingsInForce(profile, given);
  const values = valuesFor(profile, given);
  const { manufacturer, productName } = values({});
  return {
    profile,
    settings,
    lost: profile.lost,
    ...(profile.can && { can: compileCan(profile.can, settings, values) }),
    ...(profile.modbus && { modbus: compileModbus(profile.modbus, settings, values) }),
    identity: {
      vendor: manufacturer ?? 'bmsgate',
      product: productName ?? profile.id,
      revision: profile.version,
    },
  };
}
