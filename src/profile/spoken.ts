// All that a profile says and hears, as whoever reads bytes from a wire needs it. Plain data.
import type { Field } from '../bytes/field.ts';
import type { CompiledModbus, CompiledProfile } from './compile.ts';
import type { Path } from './document.ts';
import { type Rule, rulesOf } from './hears.ts';
import type { FrameLayout, WindowLayout } from './layout.ts';
import type { Meaning } from './schema.ts';
import type { SpokenSerial } from './serial/asked.ts';

/** A value that the inverter writes; `field` begins at its first register. */
export interface Writable {
  readonly path: Path;
  readonly address: number;
  /** Registers. */
  readonly length: number;
  readonly means: Meaning;
  readonly name?: string | undefined;
  readonly field: Field;
  /** The units that it is written at; undefined is all. */
  readonly units?: readonly number[] | undefined;
}

interface BitRange {
  readonly path: Path;
  readonly from: number;
  readonly to: number;
}

export interface SpokenCan {
  readonly frames: readonly FrameLayout[];
  readonly hears: readonly Rule[];
}

export interface SpokenModbus {
  readonly windows: readonly WindowLayout[];
  readonly writable: readonly Writable[];
  readonly coils: readonly BitRange[];
  readonly discretes: readonly BitRange[];
  readonly readHeader: CompiledModbus['readHeader'];
}

export interface Spoken extends SpokenCan, SpokenModbus {
  readonly serial?: SpokenSerial;
}

export const spokenCan = (can: CompiledProfile['can']): SpokenCan => ({
  frames: can?.layouts ?? [],
  hears: can ? rulesOf(can) : [],
});

const writableOf = ({ profile, modbus }: CompiledProfile): Writable[] =>
  (profile.modbus?.writable ?? []).flatMap(({ name, units }, i) => {
    const entry = modbus?.writable.entries[i];
    if (!entry) return [];
    const { address, field, means } = entry;
    return {
      path: ['modbus', 'writable', i],
      address,
      length: field.as.includes('32') ? 2 : 1,
      means,
      name,
      field,
      units,
    };
  });

const rangesOf = (key: 'coils' | 'discretes', ranges: readonly Omit<BitRange, 'path'>[] = []): BitRange[] =>
  ranges.map(({ from, to }, i) => ({ path: ['modbus', key, i], from, to }));

const spokenModbus = (compiled: CompiledProfile): SpokenModbus => ({
  windows: compiled.modbus?.layouts ?? [],
  writable: writableOf(compiled),
  coils: rangesOf('coils', compiled.modbus?.coils),
  discretes: rangesOf('discretes', compiled.modbus?.discretes),
  readHeader: compiled.modbus?.readHeader ?? 'bytes8',
});

function spokenSerial({ serial }: CompiledProfile): Pick<Spoken, 'serial'> {
  if (!serial) return {};
  const { codec, answers, writes, refuses } = serial;
  return { serial: { codec, answers, writes, refuses } };
}

export const spokenOf = (compiled: CompiledProfile): Spoken => ({
  ...spokenCan(compiled.can),
  ...spokenModbus(compiled),
  ...spokenSerial(compiled),
});
