import { GatewayError, sentence } from './errors.ts';

/** What the system says, in plain words, and what a person should do. */
const troubles: readonly (readonly [RegExp, string, string])[] = [
  [
    /no such file/i,
    'there is no such serial port',
    'plug the adapter in, or look for its name in /dev/serial/by-id',
  ],
  [
    /permission denied/i,
    'permission denied',
    'add the user to the group dialout: sudo usermod -aG dialout <user>',
  ],
  [/lock port|busy/i, 'another program holds the port', 'stop that program (sudo fuser -v shows it)'],
  [
    /inappropriate ioctl|is a directory/i,
    'this is not a serial port',
    'name the adapter under /dev/serial/by-id',
  ],
  [
    /hung up|bad file descriptor|input\/output error|no such device|EIO|ENXIO/i,
    'the adapter was unplugged',
    'plug it in again; it is reopened by itself',
  ],
];

/** Why a serial port cannot be used, in one sentence with the remedy. */
export function serialTrouble(path: string, error: unknown): GatewayError<'PORT_UNAVAILABLE'> {
  const text = sentence(error);
  const known = troubles.find(([pattern]) => pattern.test(text));
  const [, why, remedy] = known ?? [undefined, text, 'look at the kernel log (dmesg) for the reason'];
  return new GatewayError('PORT_UNAVAILABLE', { port: path, why, remedy }, { cause: error });
}
