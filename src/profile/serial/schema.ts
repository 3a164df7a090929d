import { contents, MOST, wires } from '../contents.ts';
import { duration, z } from '../document.ts';
import { entry, inCase, names, signalOf, way } from '../entries.ts';

/** A row and its count, each in the order of the bank's cells or sensors. */
const LONGEST = 2047;
const byte = z.int().min(0).max(255);
const at = z
  .int()
  .min(0)
  .max(LONGEST - 1);

const stretch = z.strictObject({
  length: z.int().min(1).max(LONGEST),
  first: at.default(0).meta({
    description: 'what the protocol calls the first byte here; every `at` counts as it does',
  }),
  pad: byte.default(0).meta({ description: 'what stands in unassigned bytes' }),
  when: entry.when,
  ...contents(at),
});

const row = z.strictObject({
  row: signalOf('numbers').meta({ description: 'one byte with the count, then each of its numbers' }),
  as: z.enum(wires),
  scale: z
    .number()
    .refine((n) => n !== 0, 'a scale of 0 says nothing; write what one count is worth')
    .default(1),
  offset: z.number().default(0),
  ...entry,
});

const extreme = inCase(byte).default([]);

const states = z.strictObject({
  states: signalOf('numbers').meta({
    description: 'one byte with the count, then a byte for each of its numbers: 0 unless a case holds',
  }),
  highest: extreme.meta({ description: 'the byte of the highest number' }),
  lowest: extreme.meta({ description: 'the byte of the lowest number' }),
  ...entry,
});

const address = z.strictObject({
  address: z.literal('own').meta({ description: 'one byte: the address that was asked' }),
  ...entry,
});

const answer = {
  title: z.string().optional(),
  phases: names.optional().meta({ description: 'only in these phases of the talk (`serial.phases`)' }),
  optional: z
    .literal(true)
    .optional()
    .meta({ description: 'an unknown command while something `required` in it is unknown' }),
  when: entry.when,
  parts: z
    .array(z.union([stretch, row, states, address]))
    .max(MOST)
    .default([])
    .meta({ description: 'one behind the other: stretches of bytes, counted rows, states, the own address' }),
};

const line = {
  parity: z.enum(['none', 'even', 'odd']).default('none'),
  stop_bits: z.union([z.literal(1), z.literal(2)]).default(1),
  silent_after: duration
    .prefault('60s')
    .meta({ description: 'no question for limits or SoC for this long is an event' }),
};

const baud = z.int().min(300).max(921_600);
const option = z.strictObject({ option: z.string() });
const busAddress = z.int().min(1).max(254);

const ascii = z.strictObject({
  codec: z.literal('pylontech-ascii'),
  baud: baud.default(9600),
  ...line,
  addresses: z
    .array(z.union([busAddress, option]))
    .min(1)
    .meta({ description: 'every address that answers; of an `option` the number that it is set to' }),
  rtn_echo: z
    .union([z.boolean(), option])
    .default(false)
    .meta({ description: 'the command stands in the place of return code 00' }),
  on_bad_checksum: way(['silent', 'answer'])
    .default('silent')
    .meta({ description: '`answer`: a damaged frame to us is told its return code' }),
  answers: z
    .array(z.strictObject({ ask: byte.meta({ description: 'CID2 of the command' }), ...answer }))
    .min(1)
    .max(MOST),
  refuses: z
    .array(z.strictObject({ ask: byte, title: z.string() }))
    .default([])
    .meta({
      description: 'for people: commands that are refused with return code 04, like every unknown one',
    }),
});

const lead = z.strictObject({
  from: names.optional(),
  to: z.string(),
  after: z.int().min(1).default(1).meta({ description: 'so many answers of this kind in that phase' }),
});

const kostal = z.strictObject({
  codec: z.literal('kostal'),
  baud: baud.default(57_600),
  ...line,
  phases: names.optional().meta({
    description: 'of the talk with the inverter; it begins in the first, again after any silence on our side',
  }),
  starts_over_after: duration
    .optional()
    .meta({ description: 'the talk begins again when the inverter was silent for this long' }),
  answers: z
    .array(
      z.strictObject({
        ask: z.int().min(0).max(0xffff).meta({ description: 'code of the read' }),
        ...answer,
        leads: z
          .array(lead)
          .default([])
          .meta({ description: 'the phase of the talk once it has been answered' }),
      }),
    )
    .min(1)
    .max(MOST),
  writes: z
    .array(
      z.strictObject({
        code: byte,
        title: z.string().optional(),
        unanswered: z
          .array(byte)
          .default([])
          .meta({ description: 'first bytes of its content that are not acknowledged' }),
        note: z.string().optional(),
      }),
    )
    .default([])
    .meta({ description: 'what the inverter writes and we acknowledge; nothing is done with it' }),
});

/** A line whose protocol is a codec of ours; the content of its answers is data. */
export const serial = z.discriminatedUnion('codec', [ascii, kostal]);

export type SerialSpec = z.output<typeof serial>;
export type AnswerSpec = SerialSpec['answers'][number];
export type PartSpec = AnswerSpec['parts'][number];
export type LeadSpec = z.output<typeof lead>;
