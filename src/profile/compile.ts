import type { CanFrame } from '../model/can-frame.ts';
import type { SignalValues } from '../model/signals.ts';
import type { Moment } from './condition.ts';
import { allOrMissing, compileLayout, type Incomplete, isIncomplete } from './encode.ts';
import {
  type ByteOrder,
  type FrameLayout,
  frameLayouts,
  idOffsetOf,
  type Layout,
  orderOf,
  type WindowLayout,
  windowLayouts,
} from './layout.ts';
import { holds, type Settings, settingsInForce, withIdentity } from './options.ts';
import { compileImage, type RegisterImage } from './registers.ts';
import type { CanSpec, ModbusSpec, Profile } from './schema.ts';
import { type CompiledSerial, compileSerial } from './serial/compile.ts';
import { asTold } from './told.ts';
import { compileWriteTable, type WriteTable } from './write-table.ts';

/** The CAN side of a compiled profile. */
export interface CompiledCan {
  readonly bitrate: number;
  readonly everyMs: number;
  readonly gapMs: number;
  readonly minGapMs: number;
  readonly order: ByteOrder;
  readonly receives: CanSpec['receives'];
  /** How the talk with the inverter goes: its phases, what starts and stops it. */
  readonly talk: Pick<CanSpec, 'phases' | 'starts' | 'starts_with' | 'stops_after'>;
  readonly layouts: readonly FrameLayout[];
  /** Every frame that can be said in the last phase of the talk, cyclic or polled, in the profile's order, from one state. */
  readonly frames: (signals: SignalValues) => readonly CanFrame[] | Incomplete;
  /** Those of them that are wanted, in a phase of the talk. */
  readonly say: (
    signals: SignalValues,
    wanted: (layout: FrameLayout) => boolean,
    phase: string | undefined,
  ) => readonly CanFrame[] | Incomplete;
}

/** The Modbus side of a compiled profile. */
export interface CompiledModbus {
  readonly units: readonly number[];
  readonly baud: number;
  readonly parity: ModbusSpec['parity'];
  readonly stopBits: ModbusSpec['stop_bits'];
  readonly functions: ReadonlySet<number>;
  readonly readHeader: 'bytes8' | 'bytes16' | 'words16';
  readonly coils: ModbusSpec['coils'];
  readonly discretes: ModbusSpec['discretes'];
  readonly silentAfterMs: number;
  readonly layouts: readonly WindowLayout[];
  readonly writable: WriteTable;
  /** The exception that answers a write to what may only be read. */
  readonly refusal: ModbusSpec['refuses_writes_with'];
  readonly image: (signals: SignalValues) => RegisterImage | Incomplete;
}

/** A profile under one choice of options, ready for the wires. Exactly one of `can`, `modbus` and `serial` is there. */
export interface CompiledProfile {
  readonly profile: Profile;
  /** What the installer set; an option that he left out may mean another thing than its default. */
  readonly given: Settings;
  readonly settings: Settings;
  readonly lost: Profile['lost'];
  readonly can?: CompiledCan;
  readonly modbus?: CompiledModbus;
  readonly serial?: CompiledSerial;
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

/** One frame as a function; Incomplete names the required values that are unknown. */
export function compileFrame(layout: FrameLayout): (moment: Moment) => CanFrame | Incomplete {
  const encode = compileLayout(layout);
  const { id, extended } = layout;
  return (moment) => {
    const data = encode(moment);
    return data instanceof Uint8Array ? { id, extended, data } : data;
  };
}

/** May it be sent in this phase of the talk? */
export const inPhase = ({ phases }: FrameLayout, phase: string | undefined): boolean =>
  phases === undefined || (phase !== undefined && phases.includes(phase));

const receivedUnder = (spec: CanSpec, settings: Settings): CanSpec['receives'] =>
  spec.receives.map((r) => (r.addressed ? { ...r, id: r.id + idOffsetOf(spec, settings) } : r));

function compileCan(
  spec: CanSpec,
  settings: Settings,
  values: (s: SignalValues) => SignalValues,
): CompiledCan {
  const layouts = inForce(frameLayouts(spec, settings), settings);
  const writers = layouts.map((layout) => ({ layout, write: compileFrame(layout) }));
  const say: CompiledCan['say'] = (signals, wanted, phase) => {
    const moment = { ...values(signals), phase };
    return allOrMissing(
      writers
        .filter(({ layout }) => inPhase(layout, phase) && wanted(layout))
        .map(({ layout, write }) => ({ layout, frame: write(moment) }))
        .filter(({ layout, frame }) => !layout.optional || !isIncomplete(frame))
        .map(({ frame }) => frame),
    );
  };
  const { phases, starts, starts_with, stops_after } = spec;
  return {
    bitrate: spec.bitrate,
    everyMs: spec.every,
    gapMs: spec.gap,
    minGapMs: spec.min_gap,
    order: orderOf(spec, settings),
    receives: receivedUnder(spec, settings),
    talk: { phases, starts, starts_with, stops_after },
    layouts,
    frames: (signals) => say(signals, () => true, spec.phases?.at(-1)),
    say,
  };
}

/** The way that is written down, or that the installer's option chooses. */
const chosen = <W extends string>(way: W | { readonly option: string }, settings: Settings): W =>
  typeof way === 'string'
    ? way
    : // The checks have seen that the option offers exactly these ways.
      (settings[way.option] as W);

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
    readHeader: chosen<CompiledModbus['readHeader']>(spec.read_header, settings),
    coils: spec.coils,
    discretes: spec.discretes,
    silentAfterMs: spec.silent_after,
    layouts,
    writable,
    refusal: spec.refuses_writes_with,
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
    given,
    settings,
    lost: profile.lost,
    ...(profile.can && { can: compileCan(profile.can, settings, values) }),
    ...(profile.modbus && { modbus: compileModbus(profile.modbus, settings, values) }),
    ...(profile.serial && { serial: compileSerial(profile.serial, settings, values) }),
    identity: {
      vendor: manufacturer ?? 'bmsgate',
      product: productName ?? profile.id,
      revision: profile.version,
    },
  };
}
