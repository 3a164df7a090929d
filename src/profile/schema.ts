import { can, canId } from './can-schema.ts';
import { MOST } from './contents.ts';
import { z } from './document.ts';
import { type entry, evidence, hexBytes, setting, signalOf } from './entries.ts';
import { modbus } from './modbus-schema.ts';
import { serial } from './serial/schema.ts';
import { stateSchema } from './state-file.ts';

const option = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('text'), default: z.string(), title: z.string() }),
  z.strictObject({
    kind: z.literal('number'),
    whole: z.literal(true).optional().meta({ description: 'only whole numbers' }),
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
