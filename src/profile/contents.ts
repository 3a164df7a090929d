import { z } from './document.ts';
import { absenceAdvice, code, entry, hexBytes, list, number, raising, saysAbsence, text } from './entries.ts';

/** More entries than this is no profile but an attempt to keep the checks busy. */
export const MOST = 1000;

/** Without `le` or `be` the bytes lie as the family does. */
export const wires = [
  ...(['u8', 'i8', 'u16', 'i16', 'u32', 'i32'] as const),
  ...(['u16be', 'u16le', 'i16be', 'i16le', 'u32be', 'u32le', 'i32be', 'i32le'] as const),
  ...(['u24be', 'f32le'] as const),
] as const;

const bit = z.int().min(0).max(7);
const many = <E extends z.ZodType>(entries: E) => z.array(entries).max(MOST).default([]);

/** What may stand in a stretch of bytes, entry by entry; `at` is where in it. */
export const contents = <A extends z.ZodType<number>>(at: A) => ({
  signals: many(z.strictObject({ at, as: z.enum(wires), ...number }).refine(saysAbsence, absenceAdvice)),
  lists: many(z.strictObject({ at, as: z.enum(wires), ...list })),
  bits: many(
    z
      .strictObject({
        at,
        as: z
          .enum(['u8', 'u16', 'u16le', 'u16be'])
          .default('u8')
          .meta({ description: 'a bit of a word of two bytes moves with the byte order' }),
        bit: z.int().min(0).max(15),
        ...entry,
        ...raising,
      })
      .refine(({ as, bit }) => as !== 'u8' || bit < 8, {
        path: ['bit'],
        error: 'a byte has bits 0 to 7; write `as: u16` for a bit of two bytes',
      }),
  ),
  pairs: many(z.strictObject({ at, pair: z.int().min(0).max(3), ...entry, ...raising })).meta({
    description: 'two bits, low bits first: 01 raised, 10 clear',
  }),
  codes: many(
    z.strictObject({
      at,
      as: z.enum(wires).default('u8'),
      bit: bit.optional().meta({ description: 'lowest bit, where it fills a part of a byte' }),
      size: z.int().min(1).max(8).optional().meta({ description: 'bits, where it fills a part of a byte' }),
      ...code,
    }),
  ),
  texts: many(z.strictObject({ at, ...text })),
  constants: many(z.strictObject({ at, bytes: hexBytes, ...entry })),
});
