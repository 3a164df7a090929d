import { z } from '../profile/document.ts';
import { absolute, listening } from './words-of-schema.ts';

/** Only this machine; the page is told to listen elsewhere by name. */
const WEB = '127.0.0.1:3001';

/** `web:` the page and its API. */
export const webSchema = z.strictObject({
  listen: listening(WEB).default(WEB),
  /** Who reaches it may look without a login. */
  open_view: z.boolean().default(false),
  /** Names, beside this machine's own and its addresses, by which a browser may call it. */
  hosts: z
    .array(
      z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i, {
        error: 'a host is a name, e.g. `battery.example.org`',
      }),
    )
    .max(16)
    .default([]),
  /** HTTPS: with a certificate that the gateway makes itself, or one of the user's. */
  tls: z
    .union([z.literal('own'), z.strictObject({ certificate_file: absolute, key_file: absolute })])
    .optional(),
  /** Where the accounts are kept. */
  accounts: absolute.optional(),
});
