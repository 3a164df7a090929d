import { sentence } from '../model/errors.ts';

/** Codes of Node, and what an installer may do; each goes on behind the name of the server. */
const troubles: readonly (readonly [code: RegExp, text: string])[] = [
  [/^ECONNREFUSED$/, 'takes no connection; is it running, and is the port right?'],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'is not found by its name; look at the network and the name'],
  [/^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN)$/, 'is not reached; look at the network'],
  [/^(ECONNRESET|EPIPE)$/, 'hangs up without an answer'],
  [/^CERT_HAS_EXPIRED$/, 'has a certificate that has expired; renew it, or set the clock of this machine'],
  [/^CERT_NOT_YET_VALID$/, 'has a certificate that is not valid yet; set the clock of this machine'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'has a certificate for another name; write the name that it has'],
  [
    /SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)/,
    'has a certificate of an authority that is not known here; name that authority in `ca_file`',
  ],
  [/^(EPROTO|ERR_SSL_.*)$/, 'does not speak TLS there; look at the port, and at `http` or `https`'],
  [
    /^ERR_INVALID_CHAR$/,
    'is not called: no header can carry the token; write it into `token_file` as one line of plain letters',
  ],
  [/^HPE_/, 'does not speak HTTP there; look at the port'],
];

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Several addresses were tried; what the first one said. */
const firstOf = (error: unknown): unknown => (error instanceof AggregateError ? error.errors[0] : error);

/** Why there was no answer. */
export function troubleText(error: unknown): string {
  const first = firstOf(error);
  const code = codeOf(first);
  return troubles.find(([pattern]) => pattern.test(code))?.[1] ?? sentence(first);
}
