import { GatewayError, sentence } from './errors.ts';

/** What the system says of an address that cannot be listened on, why that is, and what to do. */
const remedies: readonly (readonly [said: RegExp, why: string, remedy: string])[] = [
  [
    /EADDRINUSE/,
    'the port is in use',
    'stop the other program (sudo ss -ltnp shows it) or choose another port',
  ],
  [
    /EACCES/,
    'permission denied',
    'choose a port above 1023, or allow it with AmbientCapabilities=CAP_NET_BIND_SERVICE',
  ],
  [
    /EADDRNOTAVAIL|ENOTFOUND/,
    'this machine does not have that address',
    'listen on 0.0.0.0 or one of its addresses',
  ],
];

/** As the gateway file has it: an IPv6 address in brackets. */
export const addressText = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** The one sentence with the remedy. `key` is what the address stands at in the gateway file. */
export function tcpTrouble(
  at: { readonly host: string; readonly port: number },
  key: string,
  error: unknown,
): GatewayError<'PORT_UNAVAILABLE'> {
  const text = sentence(error);
  const [, why, remedy] = remedies.find(([said]) => said.test(text)) ?? [undefined, text, `correct ${key}:`];
  return new GatewayError(
    'PORT_UNAVAILABLE',
    { port: `${key} ${addressText(at)}`, why, remedy },
    { cause: error },
  );
}
