// What comes from outside is held against its schema; each is compiled when it is first needed.
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Schema } from './route.ts';

let ajv: Ajv | undefined;

function compiledOf(schema: Schema): ValidateFunction {
  ajv ??= new Ajv({ strict: true, strictRequired: false, allowUnionTypes: true });
  return ajv.compile(schema);
}

/** What is wrong, and what would be right. */
function mistakeOf(error: ErrorObject | undefined, whole: string): string {
  if (!error) return `${whole} is not what is asked for`;
  const place = error.instancePath === '' ? whole : error.instancePath.slice(1).replaceAll('/', '.');
  const { params } = error;
  if (error.keyword === 'additionalProperties')
    return `\`${params.additionalProperty}\` is not known here; leave it out`;
  if (error.keyword === 'required') return `\`${params.missingProperty}\` is missing`;
  if (error.keyword === 'enum') return `${place} must be one of ${params.allowedValues.join(', ')}`;
  return `${place} ${error.message ?? 'is wrong'}`;
}

/** Says what is wrong with a value; undefined where nothing is. */
export function validator(schema: Schema, whole = 'the body'): (value: unknown) => string | undefined {
  let compiled: ValidateFunction | undefined;
  return (value) => {
    compiled ??= compiledOf(schema);
    return compiled(value) ? undefined : mistakeOf(compiled.errors?.[0], whole);
  };
}

const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** The members of an address are texts: those that the schema wants as numbers become some, where they are digits. */
export function withNumbers(schema: Schema, texts: unknown): unknown {
  if (!isMembers(texts)) return texts;
  const { properties } = schema;
  const isNumber = (name: string): boolean => {
    const member = isMembers(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
    return isMembers(member) && (member.type === 'integer' || member.type === 'number');
  };
  return Object.fromEntries(
    Object.entries(texts).map(([name, value]) =>
      typeof value === 'string' && /^-?\d{1,16}(\.\d{1,16})?$/.test(value) && isNumber(name)
        ? [name, Number(value)]
        : [name, value],
    ),
  );
}
