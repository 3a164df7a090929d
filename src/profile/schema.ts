import { contents, MOST, wires } from './contents.ts';
import { duration, z } from './document.ts';
import {
  absenceAdvice,
  code,
  entry,
  evidence,
  hexBytes,
  list,
  names,
  number,
  raising,
  saysAbsence,
  setting,
  signalOf,
  text,
  way,
} from './entries.ts';
import { serial } from './serial/schema.ts';
import { stateSchema } from './state-file.ts';

/** A time span within bounds that make sense on a wire; the longest timer is 24 days. */
const span = (least: readonly [ms: number, text: string], most: readonly [ms: number, text: string]) =>
  duration.refine(
    (ms) => ms >= least[0] && ms <= most[0],
    `write a time span from ${least[1]} to ${most[1]}`,
  );
const silence = span([100, '100ms'], [86_400_000, '1d']);

const byteAt = z.int().min(0).max(7);
const canId = z.int().min(0).max(0x1fffffff);
const frame = z.strictObject({
  id: canId,
  extended: z.boolean().default(false).meta({ description: '29-bit id' }),
  length: z.int().min(0).max(8),
  title: z.string().optional(),
  pad: z.int().min(0).max(255).default(0).meta({ description: 'what stands in unassigned bytes' }),
  every: span([10, '10ms'], [3_600_000, '1h'])
    .optional()
    .meta({ description: 'a multiple of `can.every`; without it every beat' }),
  when_asked: names
    .optional()
    .meta({ description: 'not on the beat, but when a received frame `asks` for one of these' }),
  phases: names.optional().meta({ description: 'only in these phases of the talk (`can.phases`)' }),
  part: z
    .strictObject({ at: byteAt, value: z.int().min(0).max(255) })
    .optional()
    .meta({ description: 'this id carries several contents; the byte at `at` says which' }),
  optional: z
    .literal(true)
    .optional()
    .meta({ description: 'left out while something `required` in it is unknown' }),
  when: entry.when,
  ...contents(byteAt),
});

/** What an inverter says of itself, in a frame or a register; current and power are positive while charging. */
const meanings = [
  'inverter_heartbeat',
  'inverter_state',
  'inverter_mode',
  'inverter_voltage',
  'inverter_current',
  'inverter_temperature',
  'inverter_soc',
  'unix_time',
  'store',
] as const;

const receive = z.strictObject({
  id: canId,
  extended: z.boolean().default(false),
  addressed: z.literal(true).optional().meta({ description: 'its id takes `can.id_offset` too' }),
  title: z.string().optional(),
  where: z
    .array(
      z.strictObject({
        at: byteAt,
        is: z.int().min(0).max(255),
        mask: z.int().min(1).max(255).default(255),
      }),
    )
    .default([])
    .meta({ description: 'only a frame with these bytes is meant' }),
  means: z
    .enum(['alive', 'nothing'])
    .default('alive')
    .meta({ description: '`alive`: the inverter is there; it starts a talk that `starts: heard`' }),
  silent_after: silence.prefault('60s'),
  asks: names.default([]).meta({ description: 'the frames that answer it, by their `when_asked`' }),
  leads: z
    .strictObject({ from: names.optional(), to: z.string() })
    .optional()
    .meta({ description: 'the phase of the talk once it has been answered' }),
  signals: z
    .array(
      z.strictObject({
        at: byteAt,
        as: z.enum(wires),
        means: z.enum(meanings),
        scale: number.scale,
        offset: z.number().default(0),
        note: z.string().optional(),
      }),
    )
    .default([]),
});

const can = z.strictObject({
  bitrate: z.int().min(10_000).max(1_000_000),
  every: span([10, '10ms'], [60_000, '60s']),
  gap: span([0, '0ms'], [1000, '1s']).prefault('5ms').meta({ description: 'between two frames of one beat' }),
  min_gap: span([0, '0ms'], [60_000, '60s'])
    .prefault('100ms')
    .meta({ description: 'between two sendings of one id, when something cannot wait' }),
  order: way(['little', 'big'])
    .default('little')
    .meta({ description: 'byte order of wires without `le` or `be`' }),
  id_offset: z
    .strictObject({ option: z.string() })
    .optional()
    .meta({ description: 'a number option that is added to the id of every frame, such as an address' }),
  phases: names.optional().meta({
    description: 'of the talk with the inverter; it begins, and after a stop begins again, in the first',
  }),
  starts: z
    .enum(['at_once', 'heard'])
    .default('at_once')
    .meta({ description: '`heard`: nothing is sent before the inverter was heard' }),
  starts_with: names.optional().meta({ description: 'asked for once when the talk starts' }),
  stops_after: silence.optional().meta({
    description:
      'an inverter that was heard and is silent for this long is told nothing until it is heard again',
  }),
  frames: z.array(frame).min(1).max(MOST),
  receives: z.array(receive).default([]),
});

const address = z.int().min(0).max(0xffff);
const words = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'u64'] as const;

const modbus = z.strictObject({
  units: z.array(z.int().min(1).max(247)).min(1),
  baud: z.int().min(300).max(921_600).default(9600),
  parity: z.enum(['none', 'even', 'odd']).default('none'),
  stop_bits: z.union([z.literal(1), z.literal(2)]).default(1),
  functions: z.array(z.union([1, 2, 3, 4, 5, 6, 15, 16, 17, 22, 23, 43].map((fc) => z.literal(fc)))).min(1),
  silent_after: silence.prefault('60s').meta({ description: 'no valid request for this long is an event' }),
  windows: z
    .array(
      z.strictObject({
        from: address,
        to: address,
        holes: z.enum(['zero', 'refuse']).meta({ description: '`zero` reads 0, `refuse` is exception 02' }),
        functions: z
          .array(z.union([z.literal(3), z.literal(4)]))
          .min(1)
          .default([3, 4])
          .meta({ description: 'the reading function codes that see this window' }),
      }),
    )
    .min(1)
    .max(MOST),
  read_header: way(['bytes8', 'bytes16', 'words16'])
    .default('bytes8')
    .meta({ description: 'length field of an FC03 answer; `bytes8` is standard Modbus' }),
  refuses_writes_with: z
    .union([z.literal(2), z.literal(3)])
    .default(2)
    .meta({
      description: 'the exception that answers a write to a register that is there but may not be written',
    }),
  coils: z
    .array(z.strictObject({ from: address, to: address }))
    .max(MOST)
    .default([])
    .meta({ description: 'read by FC1, written by FC5 and FC15, 0 until written' }),
  discretes: z
    .array(z.strictObject({ from: address, to: address }))
    .max(MOST)
    .default([])
    .meta({ description: 'read by FC2; all 0' }),
  signals: z
    .array(
      z
        .strictObject({
          at: address,
          as: z.enum(words),
          byte: z.enum(['high', 'low']).optional(),
          words: z
            .enum(['high_first', 'low_first'])
            .default('high_first')
            .meta({ description: 'order of the registers of a value that fills several' }),
          ...number,
        })
        .refine(saysAbsence, absenceAdvice),
    )
    .max(MOST)
    .default([]),
  lists: z
    .array(z.strictObject({ at: address, as: z.enum(['u16', 'i16']), ...list }))
    .max(MOST)
    .default([]),
  bits: z
    .array(z.strictObject({ at: address, bit: z.int().min(0).max(15), ...entry, ...raising }))
    .max(MOST)
    .default([]),
  codes: z
    .array(
      z.strictObject({
        at: address,
        bit: z
          .int()
          .min(0)
          .max(15)
          .optional()
          .meta({ description: 'lowest bit, where it fills a part of a register' }),
        size: z
          .int()
          .min(1)
          .max(16)
          .optional()
          .meta({ description: 'bits, where it fills a part of a register' }),
        ...code,
      }),
    )
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
        initial: z.int().min(0).default(0).meta({ description: 'raw value until it is written' }),
        changes_within: silence
          .prefault('60s')
          .meta({ description: 'an `inverter_heartbeat` that does not change for this long is lost' }),
        units: z.array(z.int().min(1).max(247)).min(1).optional().meta({
          description:
            'the units that it is written at and read back from; at all others, and until it is written, the bank has the register',
        }),
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

const profileId = z
  .string()
  .max(64)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, {
    error: 'an id is small letters, digits and dashes, e.g. `pylontech-lv`',
  });

/** Also the name of a file in a folder of profiles, and nothing outside of it. */
export const isProfileId = (text: string): boolean => profileId.safeParse(text).success;

/** A profile as its file says it (design, section 7). Data only: no templating, no expressions, no code. */
export const profileSchema = z.strictObject({
  id: profileId,
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, { error: "a version is three numbers in quotes, e.g. '1.2.0'" }),
  title: z.string().min(1),
  base: z.string().optional().meta({
    description:
      'id of the profile that this one stands on; options are joined by name and frames by id, all else that is given replaces',
  }),
  without: z
    .array(canId)
    .optional()
    .meta({ description: 'frames of the base that are not sent; one that is also given is written anew' }),
  inverters: z
    .array(
      z.strictObject({ brand: z.string(), models: z.string(), caveats: z.array(z.string()).default([]) }),
    )
    .min(1),
  evidence: evidence.meta({ description: 'how we know these numbers' }),
  sources: z.array(z.string()).default([]),
  options: z
    .record(
      z.string().regex(/^[a-z][a-zA-Z0-9_]*$/, {
        error: 'an option is called by letters and digits that begin with a small one, e.g. `frame_set`',
      }),
      option,
    )
    .default({}),
  can: can.optional(),
  modbus: modbus.optional(),
  serial: serial.optional(),
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
        phase: z.string().optional().meta({ description: 'of the talk; without it the last of `phases`' }),
        // biome-ignore lint/suspicious/noThenProperty: the word of the profile grammar; nobody awaits a profile
        then: z.record(
          z.string().regex(/^(0x[0-9a-fA-F]+|\d+)(\/\d+)?$/, {
            error:
              'a place is a frame id, a register address or a command, e.g. `0x351`; of a frame with a `part` its value behind a slash, e.g. `0x3D0/2`',
          }),
          z.union([z.literal('none').meta({ description: 'the frame is not sent' }), hexBytes]),
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
