// A unit asked as the ear asks it, without a radio: its bytes through the real decoder.
import { jbdUart } from '../../../src/bms/jbd.ts';
import { frameOf, READ } from '../../../src/bms/jbd-frame.ts';
import { hear, nothingHeard } from '../../../src/bms/listener.ts';
import type { BatteryReading } from '../../../src/model/battery.ts';
import type { SoakUnit } from '../unit.ts';

/** Undefined when it is silent, or its answer was lost or bent on its way. */
export function ask(unit: SoakUnit, register: number): BatteryReading | undefined {
  const request = frameOf(READ, register, []);
  const answer = unit.radio.unit(request);
  const passed = answer && (unit.radio.bend ? unit.radio.bend(answer) : answer);
  if (!passed) return undefined;
  const { answers } = hear({ dialect: jbdUart, request }, nothingHeard, passed);
  const [part] = answers;
  return part?.value.kind === 'part' ? part.value.reading : undefined;
}
