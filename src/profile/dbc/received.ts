import { shapes } from '../../bytes/field.ts';
import type { CompiledCan } from '../compile.ts';
import { type ByteOrder, wireOf } from '../layout.ts';
import type { CanSpec, Meaning } from '../schema.ts';
import { bitsFilled, type DbcMessage, type DbcSignal } from './dbc.ts';
import { namer } from './names.ts';
import { BATTERY, INVERTER, keyOfId, messageName } from './sent.ts';
import { decimal, placeOf } from './slots.ts';

type Received = CanSpec['receives'][number];
type Told = Received['signals'][number];
type Where = Received['where'][number];

/** The unit of what an inverter says of itself. */
export const unitOfMeaning: { readonly [M in Meaning]: string } = {
  inverter_heartbeat: '',
  inverter_state: '',
  inverter_mode: '',
  inverter_voltage: 'V',
  inverter_current: 'A',
  inverter_temperature: '°C',
  inverter_soc: '%',
  unix_time: 's',
  store: '',
};

const raw = { signed: false, factor: 1, offset: 0, min: 0, max: 255, unit: '' } as const;

function toldSignal({ as, at, means, scale, offset, note }: Told, order: ByteOrder): DbcSignal {
  const wire = wireOf(as, order);
  const { min, max } = shapes[wire];
  const edges = [min, max].map((count) => decimal(count * scale + offset));
  return {
    name: means,
    ...placeOf(at, wire),
    signed: min < 0,
    ...(shapes[wire].whole ? {} : { float: true }),
    factor: scale,
    offset,
    min: Math.min(...edges),
    max: Math.max(...edges),
    unit: unitOfMeaning[means],
    ...(note !== undefined && { comment: note }),
  };
}

/** What a frame with these bytes is for. */
const purpose = ({ title, asks, means }: Received): string =>
  title ?? (asks.length ? `asks for ${asks.join(', ')}` : means === 'alive' ? 'alive' : 'of no meaning here');

/** A byte that tells frames of one id apart, with what each of its values means; a mask leaves only its bits. */
function whereSignal(all: readonly { readonly where: Where; readonly of: Received }[]): DbcSignal[] {
  const [first] = all;
  if (!first) return [];
  const { at, mask } = first.where;
  const low = Math.log2(mask & -mask);
  const size = Math.log2(mask / 2 ** low + 1);
  if (!Number.isInteger(size)) return [];
  const fitting = all.filter(({ where }) => where.mask === mask);
  const values = new Map(fitting.map(({ where, of }) => [where.is >> low, purpose(of)]));
  const [only] = values.size === 1 ? values.keys() : [];
  return [
    {
      ...raw,
      name: `byte_${at}`,
      ...placeOf(at, 'u8', low, size),
      min: only ?? 0,
      max: only ?? 2 ** size - 1,
      values: [...values],
    },
  ];
}

/** Of signals on the same bits the first stays. */
function side(signals: readonly DbcSignal[]): DbcSignal[] {
  const taken = new Set<number>();
  return signals.filter((signal) => {
    const bits = bitsFilled(signal);
    if (bits.some((bit) => taken.has(bit))) return false;
    for (const bit of bits) taken.add(bit);
    return true;
  });
}

function messageOf(all: readonly Received[], order: ByteOrder): DbcMessage[] {
  const [first] = all;
  if (!first) return [];
  const wheres = Map.groupBy(
    all.flatMap((of) => of.where.map((where) => ({ where, of }))),
    ({ where }) => where.at,
  );
  const signals = side([
    ...all.flatMap((r) => r.signals).map((told) => toldSignal(told, order)),
    ...[...wheres.values()].flatMap(whereSignal),
  ]);
  const named = namer();
  return [
    {
      id: first.id,
      extended: first.extended,
      name: messageName(first, first.title),
      length: 8,
      sender: INVERTER,
      receivers: [BATTERY],
      comment: [...new Set(all.map(purpose))].join('; '),
      signals: signals.map((signal) => ({ ...signal, name: named(signal.name) })),
    },
  ];
}

/** Every id that the profile listens to. */
export const receivedMessages = ({ receives, order }: CompiledCan): DbcMessage[] =>
  [...Map.groupBy(receives, keyOfId).values()].flatMap((all) => messageOf(all, order));
