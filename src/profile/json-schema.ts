import { z } from './document.ts';
import { profileSchema } from './schema.ts';

/** The part of a JSON Schema that says what must be there. */
interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly additionalProperties?: Shape | boolean;
  readonly oneOf?: readonly Shape[];
  readonly anyOf?: readonly Shape[];
}

type Of<K extends keyof Shape> = NonNullable<Shape[K]>;

const each = <V>(record: Readonly<Record<string, V>>, change: (value: V, key: string) => V) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));

/** What an overlay must say all the same: of itself, and which frame it means. */
const SAYS_ITSELF = ['id', 'version', 'title', 'inverters', 'evidence', 'examples'];

const keeping = (shape: Shape, names: readonly string[]): Shape => ({
  ...shape,
  required: (shape.required ?? []).filter((name) => names.includes(name)),
});

/** The frame's own shape, where several places share it. */
const resolved = (shape: Shape, definitions: Shape['definitions'] = {}): Shape =>
  definitions[shape.$ref?.replace('#/definitions/', '') ?? ''] ?? shape;

/** A section whose frames are written out, so that an overlay may say less of them. */
function unfolded(section: Shape, definitions: Shape['definitions']): Shape {
  const { frames } = section.properties ?? {};
  if (!frames?.items) return section;
  const own = { ...frames, items: resolved(frames.items, definitions) };
  return { ...section, properties: { ...section.properties, frames: own } };
}

/** `can:`, `modbus:` and the like of an overlay, which gives only what differs. */
function partOfSection(section: Shape): Shape {
  const { frames } = section.properties ?? {};
  const loose = keeping(section, []);
  if (!frames?.items) return loose;
  const some = { ...frames, items: keeping(frames.items, ['id']) };
  return { ...loose, properties: { ...section.properties, frames: some } };
}

function partOfOptions(options: Shape): Shape {
  const forms = formsOf(options).map((form) => keeping(form, []));
  return { ...options, additionalProperties: { anyOf: forms } };
}

const formsOf = ({ additionalProperties: each }: Shape): Of<'oneOf'> =>
  typeof each === 'object' ? (each.oneOf ?? each.anyOf ?? []) : [];

const SECTIONS = ['can', 'modbus', 'serial'];

/** What is required of a section that stands on no base. */
function wholeSection({ required = [], properties: { frames } = {} }: Shape): Shape {
  const each = frames?.items?.required;
  return { required, ...(each && { properties: { frames: { items: { required: each } } } }) };
}

const wholeOptions = (options: Shape): Shape => ({
  additionalProperties: {
    oneOf: formsOf(options).map(({ required = [], properties: { kind = {} } = {} }) => ({
      required,
      properties: { kind },
    })),
  },
});

/**
 * The profile grammar as JSON Schema draft 7, for editors: `profiles/profile.schema.json` is this, kept in step by a test.
 * What a profile without `base:` must say stands under `else`.
 */
export function profileJsonSchema(): object {
  const how = { target: 'draft-7', io: 'input', unrepresentable: 'any', reused: 'ref' } as const;
  // zod writes these members in this shape; the rest is handed on as it is.
  const whole = z.toJSONSchema(profileSchema, how) as Shape;
  const properties = whole.properties ?? {};
  const { options = {} } = properties;
  const sections = Object.fromEntries(
    Object.entries(properties)
      .filter(([key]) => SECTIONS.includes(key))
      .map(([key, section]) => [key, unfolded(section, whole.definitions)]),
  );
  return {
    ...keeping(whole, SAYS_ITSELF),
    properties: { ...properties, ...each(sections, partOfSection), options: partOfOptions(options) },
    if: { required: ['base'] },
    // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema; nobody awaits a schema
    then: {},
    else: {
      required: whole.required ?? [],
      properties: { ...each(sections, wholeSection), options: wholeOptions(options) },
    },
  };
}
