// Whether the samples of a black box come out of its raw bytes once more.
import { isDeepStrictEqual } from 'node:util';
import type { Box } from '../blackbox/read-box.ts';
import type { TapeEntry } from '../blackbox/tape.ts';
import { addressKey } from '../ble/port.ts';
import { driverById } from '../bms/drivers.ts';
import { capturedSamples } from '../bms/samples.ts';
import type { CaptureEntry } from '../bytes/capture.ts';
import type { PackSample } from '../model/battery.ts';

type Raw = Extract<TapeEntry, readonly ['raw', ...unknown[]]>;
type Sample = Extract<TapeEntry, readonly ['sample', ...unknown[]]>;

const captured = ([, atMs, , way, bytes]: Raw, fromMs: number): CaptureEntry => ({
  seconds: (atMs - fromMs) / 1000,
  from: way === '>' ? 'us' : 'battery',
  bytes,
});

/** The moment at which it was stamped lies this near to that at which its question was noted, on a busy machine too. */
const NEAR_MS = 250;

/** All that was read again is as it was; what is asked once a link may have been asked before the box begins. */
const isWithin = (read: PackSample['reading'], whole: PackSample['reading']): boolean =>
  Object.entries(read).every(([name, value]) => isDeepStrictEqual(value, Reflect.get(whole, name)));

/** Of how many samples that were taken, how many are read anew with the same values. */
export function decodedAnew({ head, entries }: Box): { readonly all: number; readonly same: number } {
  let [all, same] = [0, 0];
  for (const { id, bms, unit } of head.batteries) {
    const driver = driverById(bms);
    const taken = entries.filter((e): e is Sample => e[0] === 'sample' && e[2] === id);
    const raw = entries.filter((e): e is Raw => e[0] === 'raw' && isUnit(e[2], unit));
    const read = driver
      ? capturedSamples(
          driver,
          raw.map((e) => captured(e, head.fromMs)),
        )
      : [];
    all += taken.length;
    same += taken.filter(([, , , atMs, reading]) =>
      read.some(
        ({ sample }) =>
          Math.abs(sample.atMs + head.fromMs - atMs) < NEAR_MS && isWithin(sample.reading, reading),
      ),
    ).length;
  }
  return { all, same };
}

/** An address is written in several ways; the path of a line in one. */
const isUnit = (a: string, b: string): boolean =>
  a === b || (!a.startsWith('/') && addressKey(a) === addressKey(b));
