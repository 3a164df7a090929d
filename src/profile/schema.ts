import { duration, z } from './document.ts';
import {
  absenceAdvice,
  conditions,
  entry,
  evidence,
  hexBytes,
  number,
  saysAbsence,
  setting,
  signalOf,
  text,
} from './entries.ts';
import { stateSchema } from './state-file.ts';

/** More entries than this is no profile but an attempt to keep the checks busy. */
const MOST = 1000;

const byteAt = z.int().min(0).max(7);
const canId = z.int().min(0).max(0x1fffffff);
const wires = ['u8', 'i8', 'u16be', 'u16le', 'i16be', 'i16le', 'u32be', 'u32le', 'i32be', 'i32le'] as const;

const frame = z.strictObject({
  id: canId,
  extended: z.boolean().default(false).meta({ description: '29-bit id' }),
  length: z.int().min(0).max(8),
  title: z.string().optional(),
  pad: z.int().min(0).max(255).default(0).meta({ description: 'what stands in unassigned bytes' }),
  when: entry.when,
  signals: z
    .array(z.strictObject({ at: byteAt, as: z.enum(wires), ...number }).refine(saysAbsence, absenceAdvice))
    .max(MOST)
    .default([]),
  bits: z
    .array(z.strictObject({ at: byteAt, bit: z.int().min(0).max(7), ...entry, ...conditions }))
    .max(MOST)
    .default([]),
  texts: z
    .array(z.strictObject({ at: byteAt, ...text }))
    .max(MOST)
    .default([]),
  constants: z
    .array(z.strictObject({ at: byteAt, bytes: hexBytes, ...entry }))
    .max(MOST)
    .default([]),
});

const can = z.strictObject({
  bitrate: z.int().min(10_000).max(1_000_000),
  every: duration,
  gap: duration.prefault('5ms').meta({ description: 'between two frames of one beat' }),
  min_gap: duration
    .prefault('100ms')
    .meta({ description: 'between two sendings of one id, when something cannot wait' }),
  frames: z.array(frame).min(1).max(MOST),
  receives: z
    .array(
      z.strictObject({
        id: canId,
        extended: z.boolean().default(false),
        means: z.enum(['alive']),
        silent_after: duration.prefault('60s'),
        title: z.string().optional(),
      }),
    )
    .default([]),
});

const address = z.int().min(0).max(0xffff);
const words = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32'] as const;
const meanings = [
  'inverter_heartbeat',
  'inverter_state',
  'inverter_voltage',
  'inverter_current',
  'unix_time',
  'store',
] as const;

const modbus = z.strictObject({
  units: z.array(z.int().min(1).max(247)).min(1),
  baud: z.int().min(300).max(921_600).default(9600),
  parity: z.enum(['none', 'even', 'odd']).default('none'),
  stop_bits: z.union([z.literal(1), z.literal(2)]).default(1),
  functions: z.array(z.union([3, 4, 6, 16, 17, 23, 43].map((fc) => z.literal(fc)))).min(1),
  silent_after: duration.prefault('60s').meta({ description: 'no valid request for this long is an event' }),
  windows: z
    .array(
      z.strictObject({
        from: address,
        to: address,
        holes: z.enum(['zero', 'refuse']).meta({ description: '`zero` reads 0, `refuse` is exception 02' }),
      }),
    )
    .min(1)
    .max(MOST),
  signals: z
    .array(
      z
        .strictObject({ at: address, as: z.enum(words), byte: z.enum(['high', 'low']).optional(), ...number })
        .refine(saysAbsence, absenceAdvice),
    )
    .max(MOST)
    .default([]),
  bits: z
    .array(z.strictObject({ at: address, bit: z.int().min(0).max(15), ...entry, ...conditions }))
    .max(MOST)
    .default([]),
  texts: z
    .array(z.strictObject({ at: address, ...text }))
    .max(MOST)
    .default([]),
  constants: z
    .array(z.strictObject({ at: address, bytes: hexBytes, ...entry }))
    .max(MOST)
    .default([]),
  writable: z
    .array(
      z.strictObject({
        at: address,
        as: z.enum(['u16', 'i16', 'u32', 'i32']),
        means: z.enum(meanings),
        scale: z.number().positive().default(1),
        name: z.string().optional(),
        note: z.string().optional(),
      }),
    )
    .max(MOST)
    .default([]),
});

const option = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), default: z.string(), title: z.string() }),
  z.strictObject({
    kind: z.literal('number'),
    default: z.number(),
    min: z.number(),
    max: z.number(),
    title: z.string(),
  }),
  z.strictObject({ kind: z.literal('flag'), default: z.boolean(), title: z.string() }),
  z.strictObject({
    kind: z.literal('choice'),
    values: z.array(z.string()).min(2),
    default: z.string(),
    title: z.string(),
  }),
]);

/** A profile as its file says it (design, section 7). Data only: no templating, no expressions, no code. */
export const profileSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, {
    error: 'an id is small letters, digits and dashes, e.g. `pylontech-lv`',
  }),
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, { error: "a version is three numbers in quotes, e.g. '1.2.0'" }),
  title: z.string().min(1),
  inverters: z
    .array(
      z.strictObject({ brand: z.string(), models: z.string(), caveats: z.array(z.string()).default([]) }),
    )
    .min(1),
  evidence: evidence.meta({ description: 'how we know these numbers' }),
  sources: z.array(z.string()).default([]),
  options: z.record(z.string().regex(/^[a-z][a-zA-Z0-9_]*$/), option).default({}),
  can: can.optional(),
  modbus: modbus.optional(),
  lacks: z
    .array(signalOf('number'))
    .default([])
    .meta({ description: 'mandatory signals that this protocol has no place for' }),
  stale_cvl: z.enum(['hold', 'measured']).default('hold'),
  lost: z.enum(['hold', 'silent', 'exception']),
  examples: z
    .array(
      z.strictObject({
        title: z.string().optional(),
        given: stateSchema,
        options: z.record(z.string(), setting).default({}),
        // biome-ignore lint/suspicious/noThenProperty: the word of the profile grammar; nobody awaits a profile
        then: z.record(
          z.string().regex(/^(0x[0-9a-fA-F]+|\d+)$/, {
            error: 'a place is a frame id or a register address, e.g. `0x351`',
          }),
          hexBytes,
        ),
      }),
    )
    .min(1)
    .max(MOST),
});

export type Profile = z.output<typeof profileSchema>;
export type CanSpec = NonNullable<Profile['can']>;
export type FrameSpec = CanSpec['frames'][number];
export type ModbusSpec = NonNullable<Profile['modbus']>;
export type WritableSpec = ModbusSpec['writable'][number];
export type Meaning = WritableSpec['means'];
export type Option = Profile['options'][string];
export type Setting = z.output<typeof setting>;
export type When = z.output<NonNullable<typeof entry.when>>;
export type Evidence = Profile['evidence'];
