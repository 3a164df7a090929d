// Where the units of a soak live: on the virtual air of this process, or on controllers of the kernel that `vm-run --ble N` brings.
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Air } from '../rig/air.js';
import { jbdPeripheral } from '../rig/jbd-peripheral.mts';
import { kernelHci } from '../rig/kernel-hci.mts';
import type { SoakUnit } from './unit.ts';

/** What can be done to an air from outside. */
export type AirHand = Pick<Air, 'drop' | 'hide' | 'show' | 'rssi' | 'delay'>;

export interface PlacedAir {
  readonly hand: AirHand;
  /** For HCI_UNIX_DIR; without it the adapters are the kernel's. */
  readonly dir?: string;
  readonly close: () => void;
}

export async function virtualAir(units: readonly SoakUnit[]): Promise<PlacedAir> {
  const dir = mkdtempSync(join(tmpdir(), 'bmsgate-soak-'));
  const air = new Air(units.length + 1);
  await air.listen(dir);
  for (const { n, radio } of units)
    jbdPeripheral((heard) => {
      const host = air.attach(n, heard);
      return { write: (packet) => host.packet(packet) };
    }, radio);
  const close = () => {
    air.close();
    rmSync(dir, { recursive: true });
  };
  return { hand: air, dir, close };
}

const CONTROL = '/run/air.ctl';
const LOG = '/run/air.log';

/** One order for the air; where nobody reads any more, what it said last. */
function tellAir(line: string): void {
  try {
    // Without waiting for a reader: there may be none for ever.
    const pipe = openSync(CONTROL, constants.O_WRONLY | constants.O_NONBLOCK);
    writeSync(pipe, `${line}\n`);
    closeSync(pipe);
  } catch (error) {
    throw new Error(`the air takes no order; it said: ${readFileSync(LOG, 'utf8').trim()}`, { cause: error });
  }
}

/** The air that serves `/dev/vhci` takes its orders from a pipe. */
export async function kernelAir(units: readonly SoakUnit[]): Promise<PlacedAir> {
  const order = (...words: readonly (string | number)[]) => tellAir(words.join(' '));
  for (const { n, radio } of units) jbdPeripheral(kernelHci(n), radio);
  const hand: AirHand = {
    drop: (n) => order('drop', n),
    hide: (n) => order('hide', n),
    show: (n) => order('show', n),
    rssi: (n, dbm) => order('rssi', n, dbm),
    set delay(ms: number) {
      order('delay', ms);
    },
  };
  return { hand, close: () => {} };
}
