// A phone that visits batteries, as its snoop log tells it, and what is heard out of such a log.
import type { Answer } from '../../src/bms/driver.ts';
import { drivers } from '../../src/bms/drivers.ts';
import { jbd } from '../../src/bms/jbd.ts';
import { jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { inTime, recognise } from '../../src/bms/overheard/conversation.ts';
import { overhear } from '../../src/bms/overheard/overhear.ts';
import { transcribe } from '../../src/bms/transcript.ts';
import { readBtsnoop } from '../../src/bytes/btsnoop.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import { hex } from './captures.ts';
import { asked, connected, disconnected, discovery, type Logged, reset, told } from './snoop-log.ts';

export const A = 'A4:C1:38:00:00:01';
export const B = 'A4:C1:38:00:00:02';
export const askBasic = hex('dda50300fffd77');
export const askCells = hex('dda50400fffc77');
const pack = (socPct: number): BatteryReading => ({
  voltageV: 13.24,
  currentA: -5,
  socPct,
  cellVoltagesV: [3.312, 3.314, 3.31, 3.313],
  temperaturesC: [25.2, 24.7],
});
export const answerOf = (request: Uint8Array, socPct: number): Uint8Array =>
  jbdAnswer(pack(socPct), request) ?? new Uint8Array();

/** One question and its answer on a link. */
export const talk = (handle: number, request: Uint8Array, socPct = 80, size?: number): Logged[] => [
  ...asked(handle, request, size),
  ...told(handle, answerOf(request, socPct), size),
];

export const visit = (size?: number): Logged[] => [
  reset,
  connected(0x40, A),
  ...discovery(0x40, size),
  ...talk(0x40, askBasic, 80, size),
  ...talk(0x40, askCells, 80, size),
  disconnected(0x40),
];

export const unitsIn = (bytes: Uint8Array) => {
  const snoop = readBtsnoop(bytes);
  return 'message' in snoop ? [] : overhear(snoop.packets);
};
export const conversationsIn = (bytes: Uint8Array) =>
  unitsIn(bytes).flatMap((unit) => recognise(unit, drivers) ?? []);

const part = (answer: Answer): unknown => {
  if (answer.kind !== 'part') return answer.kind;
  return answer.part === 'basic' ? answer.reading.socPct : answer.reading.cellVoltagesV;
};
export const saidIn = (bytes: Uint8Array) =>
  transcribe(jbd, inTime(conversationsIn(bytes))).said.map(({ unit, answer }) => [unit, part(answer)]);

export const cells = [3.312, 3.314, 3.31, 3.313];
