// What a profile hears in the frames of an inverter, entry by entry.
import { type Field, readField, shapes } from '../bytes/field.ts';
import type { CompiledCan } from './compile.ts';
import type { Path } from './document.ts';
import { type ByteOrder, wireOf } from './layout.ts';
import { invalidRaw } from './number.ts';
import type { CanSpec, Meaning } from './schema.ts';

type Received = CanSpec['receives'][number];

export interface ValueField extends Field {
  readonly means: Meaning;
  readonly path: Path;
}

/** What one entry of `receives` takes from its frame. Plain data; `path` leads to the entry in the file. */
export interface Rule {
  readonly path: Path;
  readonly spec: Received;
  readonly fields: readonly ValueField[];
  /** A shorter frame is malformed. */
  readonly bytes: number;
}

const endOf = ({ at, as }: Field): number => at + shapes[as].bytes;

function ruleOf(spec: Received, i: number, order: ByteOrder): Rule {
  const path: Path = ['can', 'receives', i];
  const fields = spec.signals.map(({ at, as, means, scale, offset }, j) => ({
    path: [...path, 'signals', j],
    means,
    at,
    as: wireOf(as, order),
    scale,
    offset,
  }));
  const bytes = Math.max(0, ...spec.where.map(({ at }) => at + 1), ...fields.map(endOf));
  return { path, spec, fields, bytes };
}

/** All that a profile hears, in its order. */
export const rulesOf = ({ receives, order }: Pick<CompiledCan, 'receives' | 'order'>): Rule[] =>
  receives.map((spec, i) => ruleOf(spec, i, order));

/** Do the bytes that are there bear the marks of this entry? */
export const isMeant = ({ spec }: Rule, data: Uint8Array): boolean =>
  spec.where.every(({ at, is, mask }) => at >= data.length || ((data[at] ?? 0) & mask) === (is & mask));

/** "Not available" is no value, nor is what a float has beside numbers. */
export function valueIn(field: Field, data: Uint8Array): number | undefined {
  const raw = readField(data, { at: field.at, as: field.as });
  const value = raw === invalidRaw(field.as) ? undefined : readField(data, field);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
