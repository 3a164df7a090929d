import { z } from './document.ts';
import { profileSchema } from './schema.ts';

/** The profile grammar as JSON Schema draft 7, for editors: `profiles/profile.schema.json` is this, kept in step by a test. */
export const profileJsonSchema = (): object =>
  z.toJSONSchema(profileSchema, { target: 'draft-7', io: 'input', unrepresentable: 'any' });
