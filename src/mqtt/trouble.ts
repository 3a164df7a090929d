// Why the broker cannot be used, in one sentence that says what to do.

/** Where the broker is looked for, as the gateway file has it. */
export interface BrokerPlace {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly username?: string;
  readonly caFile?: string;
}

/** What went wrong: a code of the system or of TLS, the number of a refusal, or a word of our own. */
export type Trouble =
  | { readonly kind: 'system'; readonly code: string; readonly message: string }
  | { readonly kind: 'refused'; readonly returnCode: number }
  | { readonly kind: 'no answer' | 'silent' | 'closed early' | 'closed' }
  | { readonly kind: 'secret'; readonly message: string };

const otherScheme = ({ isTls }: BrokerPlace): string =>
  isTls
    ? 'if it has no TLS write mqtt:// in mqtt.url, else its port (8883 is usual)'
    : 'if this is its TLS port write mqtts:// in mqtt.url';

const untrusted = ({ host, caFile }: BrokerPlace): string =>
  caFile === undefined
    ? `the certificate of ${host} is not signed by an authority that this machine trusts; give the certificate of the one that signed it as mqtt.ca_file`
    : `the certificate of ${host} is not signed by the authority in ${caFile}; put the certificate of the one that signed it there`;

type Say = (at: BrokerPlace, message: string) => string;

const unreachable: Say = ({ host }) =>
  `${host} cannot be reached; check that it is switched on, the network cable and the address in mqtt.url`;
const unknownHost: Say = ({ host }) =>
  `no machine is called ${host}; correct mqtt.url, or write the address in place of the name`;
const noTls: Say = (at) => `${at.host}:${at.port} does not speak TLS; ${otherScheme(at)}`;

const system: Readonly<Record<string, Say>> = {
  ECONNREFUSED: ({ host, port }) =>
    `nothing listens at port ${port} of ${host}; start the broker there or correct mqtt.url`,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ETIMEDOUT: unreachable,
  ECONNRESET: (at) => `${at.host}:${at.port} hung up; ${otherScheme(at)}`,
  EPIPE: (at) => `${at.host}:${at.port} hung up; ${otherScheme(at)}`,
  EPROTO: noTls,
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  CERT_HAS_EXPIRED: ({ host }) =>
    `the certificate of ${host} has expired; renew it at the broker, and check the clock of this machine`,
  CERT_NOT_YET_VALID: ({ host }) =>
    `the certificate of ${host} is not valid yet; check the clock of this machine`,
  ERR_TLS_CERT_ALTNAME_INVALID: ({ host }, message) =>
    `the certificate is not for ${host}; write in mqtt.url the name that it is for (${names(message)}), or have it made for ${host}`,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_SIGNATURE_FAILURE: untrusted,
};

/** What Node says the certificate is for. */
const names = (message: string): string => /.*(?:altnames|CN): (.*)$/.exec(message)?.[1] ?? message;

function credentials({ username }: BrokerPlace): string {
  return username === undefined
    ? 'the broker wants a user; give mqtt.username and mqtt.password_file'
    : `the broker does not take user ${username} with this password; correct mqtt.username or the password in mqtt.password_file`;
}

/** Return codes of MQTT 3.1.1, section 3.2.2.3. */
const refusals: Readonly<Record<number, Say>> = {
  1: () => 'the broker does not speak MQTT 3.1.1; update it',
  2: () => 'the broker does not take the client id of this gateway; allow ids that begin with bmsgate',
  3: () => 'the broker says that it is not available; look at its log',
  4: credentials,
  5: credentials,
};

function why(trouble: Trouble, at: BrokerPlace): string {
  switch (trouble.kind) {
    case 'secret':
      return trouble.message;
    case 'system':
      return system[trouble.code]?.(at, trouble.message) ?? `${trouble.message}; correct mqtt.url`;
    case 'refused':
      return (
        refusals[trouble.returnCode]?.(at, '') ??
        `the broker refuses with code ${trouble.returnCode}; look at its log`
      );
    case 'no answer':
      return `${at.host}:${at.port} takes connections but does not answer as a broker does; ${otherScheme(at)}`;
    case 'closed early':
      return `${at.host}:${at.port} hangs up before it answers; ${otherScheme(at)}`;
    case 'silent':
      return 'the broker does not answer any more; look whether it hangs, and at the network between';
    case 'closed':
      return 'the broker hung up; look at its log, and whether a second gateway has the same id';
  }
}

/** The whole sentence. */
export const troubleText = (trouble: Trouble, at: BrokerPlace): string =>
  `MQTT broker not reached: ${why(trouble, at)}`;
