// What comes from outside is held against its schema; each is compiled when it is first needed.
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Schema } from './route.ts';

const strict = { strict: true, allowUnionTypes: true, allErrors: false, strictRequired: false } as const;
let bodies: Ajv | undefined;
let queries: Ajv | undefined;

/** Texts of an address become numbers where the schema wants some; a body has types of its own. */
function ajvFor(isText: boolean): Ajv {
  if (isText) {
    queries ??= new Ajv({ ...strict, coerceTypes: true });
    return queries;
  }
  bodies ??= new Ajv(strict);
  return bodies;
}

const wrongName = ({ params }: ErrorObject): string => String(params.additionalProperty ?? '');

/** What is wrong, and what would be right. */
function mistakeOf(error: ErrorObject | undefined, whole: string): string {
  if (!error) return `${whole} is not what is asked for`;
  const place = error.instancePath === '' ? whole : error.instancePath.slice(1).replaceAll('/', '.');
  if (error.keyword === 'additionalProperties')
    return `\`${wrongName(error)}\` is not known here; leave it out`;
  if (error.keyword === 'required') return `\`${error.params.missingProperty}\` is missing`;
  if (error.keyword === 'enum') return `${place} must be one of ${error.params.allowedValues.join(', ')}`;
  return `${place} ${error.message ?? 'is wrong'}`;
}

/** Says what is wrong with a value; undefined where nothing is. Texts of a query become numbers where the schema wants some. */
export function validator(
  schema: Schema,
  { isText = false, whole = 'the body' } = {},
): (value: unknown) => string | undefined {
  let compiled: ValidateFunction | undefined;
  return (value) => {
    compiled ??= ajvFor(isText).compile(schema);
    return compiled(value) ? undefined : mistakeOf(compiled.errors?.[0], whole);
  };
}
