// A JBD unit on a serial line of its own, whose current falls by 0.1 A with each round: every sample is told from all others.
import { jbdFraming } from '../../src/bms/jbd-frame.ts';
import { jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { cutFrames } from '../../src/bytes/framing.ts';
import { openSerial } from '../../src/modbus/serial.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import { monotonicMs } from '../../src/model/freshness.ts';
import { ptyPair } from '../modbus/wires.ts';
import { readingAt } from './packs.ts';

const BASIC = 0x03;

export interface SerialUnit {
  /** Where the ear reads it. */
  readonly path: string;
  /** What its last round said. */
  readonly said: () => BatteryReading;
  /** When its last answer was handed to the line, monotonic ms. */
  readonly saidAtMs: () => number;
  /** In its next round, and in no other, it says that it has cut off. */
  readonly cutOff: () => void;
  readonly close: () => Promise<void>;
}

export async function serialUnit(no: number): Promise<SerialUnit> {
  const pty = await ptyPair();
  const line = await openSerial({ path: pty.master, baud: 115_200 });
  let heard: Uint8Array = new Uint8Array();
  let turn = 0;
  let isCutOff = false;
  let saidAtMs = Number.NaN;
  let said = readingAt(0, no);

  function answer(request: Uint8Array): void {
    if (request[2] === BASIC) {
      turn++;
      said = {
        ...readingAt(turn, no),
        currentA: -1 - turn / 10,
        alarms: isCutOff ? ['short_circuit'] : [],
      };
      isCutOff = false;
    }
    const bytes = jbdAnswer(said, request);
    saidAtMs = monotonicMs();
    if (bytes) line.send(bytes, () => {});
  }

  line.listen({
    onBytes(bytes) {
      const { frames, rest } = cutFrames(jbdFraming, Uint8Array.of(...heard, ...bytes));
      heard = rest;
      for (const request of frames) answer(request);
    },
    onGone() {},
  });
  return {
    path: pty.slave,
    said: () => said,
    saidAtMs: () => saidAtMs,
    cutOff() {
      isCutOff = true;
    },
    async close() {
      line.close();
      await pty.remove();
    },
  };
}
