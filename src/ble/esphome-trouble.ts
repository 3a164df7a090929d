import { GatewayError, sentence } from '../model/errors.ts';

/** Why a proxy cannot be used, and what a person should do, as the one sentence about it. */
export type Trouble = (why: string, remedy: string, cause?: unknown) => GatewayError<'PORT_UNAVAILABLE'>;

export const troubleOf =
  (host: string, port: number): Trouble =>
  (why, remedy, cause) =>
    new GatewayError('PORT_UNAVAILABLE', { port: `Bluetooth proxy ${host}:${port}`, why, remedy }, { cause });

const known: readonly (readonly [RegExp, string, string])[] = [
  [
    /ECONNREFUSED/,
    'nothing listens on that port',
    'look whether its YAML has `api:` and whether this is the address of the ESP32',
  ],
  [
    /ENOTFOUND|EAI_AGAIN/,
    'that name is not known in this network',
    'give the ESP32 a fixed IP address and name that one',
  ],
  [
    /EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EHOSTDOWN|no answer within/,
    'it does not answer',
    'look whether the ESP32 has power and is in the same network',
  ],
  [
    /ECONNRESET|EPIPE/,
    'it closed the connection',
    'it is opened again by itself; if that goes on, look at the log of the ESP32',
  ],
];

/** What the system says about the connection, in plain words. */
export function networkTrouble(trouble: Trouble, error: unknown): GatewayError<'PORT_UNAVAILABLE'> {
  if (error instanceof GatewayError && error.code === 'PORT_UNAVAILABLE') {
    // The code says which details it has.
    return error as GatewayError<'PORT_UNAVAILABLE'>;
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const text = `${code} ${sentence(error)}`;
  const [, why, remedy] = known.find(([pattern]) => pattern.test(text)) ?? [
    undefined,
    sentence(error),
    'look at the log of the ESP32 for the reason',
  ];
  return trouble(why, remedy, error);
}
