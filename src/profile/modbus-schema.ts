import { MOST } from './contents.ts';
import { z } from './document.ts';
import {
  absenceAdvice,
  code,
  entry,
  hexBytes,
  list,
  number,
  raising,
  saysAbsence,
  text,
  way,
} from './entries.ts';
import { meanings, silence } from './wire-words.ts';

const address = z.int().min(0).max(0xffff);
const words = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'u64'] as const;

export const modbus = z.strictObject({
  units: z.array(z.int().min(1).max(247)).min(1),
  baud: z.int().min(300).max(921_600).default(9600),
  parity: z.enum(['none', 'even', 'odd']).default('none'),
  stop_bits: z.union([z.literal(1), z.literal(2)]).default(1),
  functions: z.array(z.union([1, 2, 3, 4, 5, 6, 15, 16, 17, 22, 23, 43].map((fc) => z.literal(fc)))).min(1),
  silent_after: silence
    .prefault('60s')
    .meta({ description: 'no question for limits or SoC for this long is an event' }),
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
