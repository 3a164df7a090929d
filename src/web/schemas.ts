// Words to write JSON Schemas with.
import { roles } from '../model/api/site.ts';
import type { Schema } from './route.ts';

type Members = Readonly<Record<string, Schema>>;

/** What is asked: these members and no others; those of `optional` may be left out. */
export const exactly = (required: Members, optional: Members = {}): Schema => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
  additionalProperties: false,
});

/** What is answered: these members at least. */
export const having = (required: Members, optional: Members = {}): Schema => ({
  type: 'object',
  properties: { ...required, ...optional },
  required: Object.keys(required),
});

export const rowOf = (items: Schema): Schema => ({ type: 'array', items });
export const byId = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });
export const oneOf = (...schemas: readonly Schema[]): Schema => ({ anyOf: schemas });
export const only = (...values: readonly unknown[]): Schema => ({ enum: values });
export const described = (description: string, schema: Schema): Schema => ({ ...schema, description });

export const text: Schema = { type: 'string' };
export const number: Schema = { type: 'number' };
export const whole: Schema = { type: 'integer' };
export const yesNo: Schema = { type: 'boolean' };
export const anything: Schema = {};
export const numberOrNull: Schema = { type: ['number', 'null'] };

export const textUpTo = (maxLength: number, minLength = 1): Schema => ({
  type: 'string',
  minLength,
  maxLength,
});
export const wholeFrom = (minimum: number, maximum: number): Schema => ({
  type: 'integer',
  minimum,
  maximum,
});
/** A moment of the wall clock, ms since 1970. */
export const moment: Schema = described('Wall clock, ms since 1970', wholeFrom(0, 8.64e15));

export const role: Schema = only(...roles);
/** Ids of the gateway file, and names of accounts and tokens. */
export const id: Schema = textUpTo(64);
/** Without control characters, so that no name can fake a line of the log. */
export const accountName: Schema = {
  type: 'string',
  minLength: 1,
  maxLength: 64,
  pattern: '^[\\p{L}\\p{N}][\\p{L}\\p{N} ._@-]*$',
  description: 'Letters, digits, space and . _ @ -',
};
export const password: Schema = described('At least 10 characters', textUpTo(256, 0));
export const nothing: Schema = exactly({});
export const refusal: Schema = having({ why: described('One sentence for the person who asked', text) });
