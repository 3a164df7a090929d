import { contents, MOST, wires } from './contents.ts';
import { z } from './document.ts';
import { entry, names, number, way } from './entries.ts';
import { meanings, silence, span } from './wire-words.ts';

const byteAt = z.int().min(0).max(7);
export const canId = z.int().min(0).max(0x1fffffff);
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

export const can = z.strictObject({
  bitrate: z.int().min(10_000).max(1_000_000),
  alone: z.literal(true).optional().meta({ description: 'the inverter bears nobody else on its bus' }),
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
