// One unit of the soak: answers with running numbers, keeps a book of what it gave, and misbehaves when it is told to.
import { BASIC, CELLS, NAME } from '../../src/bms/jbd-fields.ts';
import { jbdAnswer } from '../../src/bms/jbd-unit.ts';
import type { BatteryReading } from '../../src/model/battery.ts';
import { type Clock, monotonicMs } from '../../src/model/freshness.ts';
import type { PeripheralOptions, Unit } from '../rig/jbd-peripheral.mts';
import { basicOf, cellsOf, nameOf } from './told.ts';

/** What a unit tells in its answer of this number. */
export interface Tells {
  readonly basicOf: (unit: number, answer: number) => BatteryReading;
  readonly cellsOf: (unit: number, answer: number) => BatteryReading;
}

/** One numbered answer as the unit gave it. */
export interface Given {
  readonly part: 'basic' | 'cells';
  readonly atMs: number;
  isBent: boolean;
}

export interface SoakUnit {
  readonly n: number;
  readonly radio: PeripheralOptions;
  /** By running number. */
  readonly given: ReadonlyMap<number, Given>;
  readonly silence: (isSilent: boolean) => void;
  /** The next `count` notifications of numbered answers are damaged; `how` says where, or that they are lost. */
  readonly bendNext: (count: number, how: number) => void;
}

/** One bit of one byte is turned, which no sum of bytes overlooks; each fourth way the notification is lost. */
function damaged(piece: Uint8Array, how: number): Uint8Array | undefined {
  if (how % 4 === 0) return undefined;
  return piece.map((byte, i) => (i === how % piece.length ? byte ^ (1 << (how % 8)) : byte));
}

export function soakUnit(
  n: number,
  tells: Tells = { basicOf, cellsOf },
  clock: Clock = monotonicMs,
): SoakUnit {
  const given = new Map<number, Given>();
  let isSilent = false;
  let bends = { left: 0, how: 0 };
  let current: Given | undefined;

  const numbered = (part: Given['part']) => {
    const number = given.size + 1;
    current = { part, atMs: clock(), isBent: false };
    given.set(number, current);
    return (part === 'basic' ? tells.basicOf : tells.cellsOf)(n, number);
  };

  const unit: Unit = (request) => {
    const register = request[2];
    current = undefined;
    if (isSilent) return undefined;
    if (register === BASIC) return jbdAnswer(numbered('basic'), request);
    if (register === CELLS) return jbdAnswer(numbered('cells'), request);
    return register === NAME ? jbdAnswer({ name: nameOf(n) }, request) : jbdAnswer({}, request);
  };

  const bend = (piece: Uint8Array) => {
    if (!current || bends.left === 0) return piece;
    bends.left--;
    current.isBent = true;
    return damaged(piece, bends.how++);
  };

  return {
    n,
    given,
    radio: { name: `JBD-${n}`, unit, bend },
    silence: (on) => {
      isSilent = on;
    },
    bendNext: (left, how) => {
      bends = { left, how };
    },
  };
}
