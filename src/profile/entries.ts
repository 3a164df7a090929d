import { alarmNames, errorNames, faultNames } from '../model/alarms.ts';
import { type SignalName, signalNames, signals } from '../model/signals.ts';
import { z } from './document.ts';
import { oneOf } from './state-file.ts';

type Kind = (typeof signals)[SignalName]['kind'];
type NameOf<K extends Kind> = {
  [N in SignalName]: (typeof signals)[N]['kind'] extends K ? N : never;
}[SignalName];

const namesOf = <K extends Kind>(kind: K): NameOf<K>[] =>
  // The filter keeps exactly the names that NameOf<K> describes.
  signalNames.filter((name) => signals[name].kind === kind) as NameOf<K>[];

const place: Record<Kind, string> = {
  number: 'put it under `signals`',
  numbers: 'put it under `lists`',
  flag: 'put it into the `flags` of a bit',
  text: 'put it under `texts`',
  alarms: 'name the alarms in the `alarms` or `warnings` of a bit',
  faults: 'name the faults in the `faults` of a bit',
  errors: 'name the errors in the `errors` of a bit',
  freshness: 'bind a bit to it with `since` or `until`',
  status: 'name its values in the `status` of a case under `codes`',
};

/** A signal of one kind; a known one of another kind is shown its place. */
export const signalOf = <K extends Kind>(kind: K) => {
  const names = namesOf(kind);
  const plain = oneOf('signal', names);
  return z.enum(names, {
    error: ({ input }) => {
      const other = signalNames.find((name) => name === input);
      return other === undefined
        ? plain.safeParse(input).error?.issues[0]?.message
        : `\`${other}\` is no ${kind}; ${place[signals[other].kind]}`;
    },
  });
};

export const evidence = z.enum(['vendor', 'capture', 'field', 'inferred']);
export const setting = z.union([z.string(), z.number(), z.boolean()]);

/** One of two or more ways, or the option that the installer chooses it with. */
export const way = <const W extends readonly [string, ...string[]]>(ways: W) =>
  z.union([z.enum(ways), z.strictObject({ option: z.string() })]);

export const names = z.array(z.string().min(1)).min(1);

/** What every entry may carry. `when` keeps it to certain settings of the profile's options. */
export const entry = {
  name: z.string().optional().meta({ description: 'what the protocol calls it' }),
  note: z.string().optional(),
  evidence: evidence.optional(),
  when: z.record(z.string(), z.union([setting, z.array(setting).min(1)])).optional(),
};

interface Absence {
  readonly from: string;
  readonly required?: true | undefined;
  readonly unknown?: unknown;
}

export const saysAbsence = (n: Absence): boolean => (n.required === true) !== (n.unknown !== undefined);
export const absenceAdvice = {
  error:
    'what happens when this signal is unknown is not said, or said twice; write either `required: true` or `unknown:` with what is sent then',
};

const alarms = z.union([z.literal('any'), z.array(oneOf('alarm', alarmNames)).min(1)]).optional();
const rung = z.enum(['late', 'stale', 'lost']).optional();

/** Raised when any of these holds; an unknown flag or number raises none. */
export const conditions = {
  flags: z.array(signalOf('flag')).min(1).optional(),
  off: z
    .array(signalOf('flag'))
    .min(1)
    .optional()
    .meta({ description: 'raised when one of these flags is known to be false' }),
  alarms,
  warnings: alarms,
  faults: z.union([z.literal('any'), z.array(oneOf('fault', faultNames)).min(1)]).optional(),
  errors: z.union([z.literal('any'), z.array(oneOf('error', errorNames)).min(1)]).optional(),
  since: rung.meta({ description: 'raised on this rung and worse' }),
  until: rung.meta({ description: 'raised while the rung is better than this' }),
  less: signalOf('number').optional().meta({ description: 'raised while this number is below `than`' }),
  than: signalOf('number').optional(),
  zero: z
    .array(signalOf('number'))
    .min(1)
    .optional()
    .meta({ description: 'raised while every one of these numbers is known and not above 0' }),
  equals: z
    .strictObject({ from: signalOf('number'), value: z.number() })
    .optional()
    .meta({ description: 'raised while this number has this value' }),
  status: z
    .array(oneOf('status', ['sleep', 'charge', 'discharge', 'idle']))
    .min(1)
    .optional(),
  phases: z.array(z.string()).min(1).optional().meta({
    description: 'raised while the talk with the inverter stands in one of these phases (`can.phases`)',
  }),
};

/** A bit or a pair: raised by its conditions, or by none of them when `inverted`. */
export const raising = { ...conditions, inverted: z.literal(true).optional() };

/** Of several cases the first whose condition holds counts. */
export const inCase = <V extends z.ZodType>(value: V) =>
  z.array(z.strictObject({ value, ...raising })).min(1);

/** A code chosen by conditions: modes, states, request bytes. */
export const code = {
  ...entry,
  cases: inCase(z.int().min(0)).default([]).meta({ description: 'without any it is always `else`' }),
  else: z.int().min(0).default(0),
};

export const number = {
  ...entry,
  from: signalOf('number'),
  scale: z
    .number()
    .refine((n) => n !== 0, 'a scale of 0 says nothing; write what one count is worth')
    .default(1),
  offset: z.number().default(0),
  unit: z.string().optional().meta({ description: 'the unit after scaling; must be that of the signal' }),
  modulo: z.int().min(2).optional().meta({ description: 'a counter starts again at 0 when it reaches this' }),
  min: z.number().optional().meta({ description: 'a lower value is told as this one' }),
  max: z.number().optional().meta({ description: 'a higher value is told as this one' }),
  zero_raw: z
    .literal(1)
    .optional()
    .meta({ description: 'sent in place of 0 where an inverter ignores a 0; needs `evidence`' }),
  never: z
    .array(z.int())
    .min(1)
    .optional()
    .meta({ description: 'raw values that must not go out; such a value counts as unknown' }),
  half: z
    .enum(['charge', 'discharge'])
    .optional()
    .meta({ description: 'only the current or power of that direction, positive; 0 in the other' }),
  instead: inCase(z.union([z.number(), z.literal('as_is')]))
    .optional()
    .meta({ description: 'what is told in place of the value while a case holds' }),
  required: z.literal(true).optional(),
  unknown: z
    .union([z.number(), z.literal('invalid')])
    .optional()
    .meta({
      description:
        'what is sent when the signal is unknown; `invalid` is the code that the wire type keeps for it',
    }),
};

/** A row of equal numbers, such as cells. */
export const list = {
  ...entry,
  from: signalOf('numbers'),
  count: z.int().min(1).max(128),
  skip: z.int().min(0).default(0).meta({ description: 'numbers of the row that stand in an earlier place' }),
  scale: number.scale,
  offset: number.offset,
  unknown: z
    .union([z.number(), z.literal('invalid')])
    .default(0)
    .meta({ description: 'what stands in the places that the bank does not fill' }),
};

export const hexBytes = z
  .string({ error: "write bytes as a text, e.g. '50 4E'; without quotes YAML reads a number" })
  .regex(/^\s*([0-9a-fA-F]{2}\s*)+$/, {
    error: "these are no bytes; write two hex digits each, e.g. '50 4E'",
  });

export const text = {
  ...entry,
  from: signalOf('text'),
  length: z.int().min(1).meta({ description: 'characters' }),
  skip: z
    .int()
    .min(0)
    .default(0)
    .meta({ description: 'characters of the text that stand in an earlier place' }),
  required: z.literal(true).optional(),
  pad: z.enum(['nul', 'space']).default('nul'),
};
