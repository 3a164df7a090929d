import type { CaptureEntry } from '../bytes/capture.ts';
import type { BleLink, BlePort } from './port.ts';

/** Of the unit with this address. */
type Note = (entry: Pick<CaptureEntry, 'from' | 'bytes'>, address: string) => void;

const recordedLink = (link: BleLink, note: Note): BleLink => ({
  ...link,
  write: (to, bytes) => {
    note({ from: 'us', bytes }, link.address);
    return link.write(to, bytes);
  },
  subscribe: (to, hear) =>
    link.subscribe(to, (bytes) => {
      note({ from: 'battery', bytes }, link.address);
      hear(bytes);
    }),
});

/** The port, with every write and every notification noted as it happens. */
export const recordedPort = (port: BlePort, note: Note): BlePort => ({
  ...port,
  connect: async (address, options) => recordedLink(await port.connect(address, options), note),
});
