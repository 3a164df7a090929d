// The gateway below its heads on a clock that is cranked by hand: bank, outputs, the RTU conversation, a CAN bus in memory; and two
// packs whose answers go through the real decoder. It can be killed and go on from what it left.
import { resume } from '../../../src/bank/evaluate.ts';
import type { Evaluation } from '../../../src/bank/memory.ts';
import { BASIC, CELLS } from '../../../src/bms/jbd-fields.ts';
import { answerPdu } from '../../../src/modbus/pdu.ts';
import { rtuFrame } from '../../../src/modbus/rtu.ts';
import { feed, idle, newLine, type Request } from '../../../src/modbus/rtu-framing.ts';
import { theHouse } from '../../wires/house.ts';
import { type SoakUnit, soakUnit } from '../unit.ts';
import { ask } from './ask.ts';
import { UNIT } from './bad-bytes.ts';
import type { Frame } from './beats.ts';
import type { Limits } from './ladder.ts';
import { tells } from './told.ts';

const PACKS = ['a', 'b'] as const;
const POLL_MS = 2000;
const TRIES = 3;
/** Of two packs of 50 and 100 A in parallel, each expected to carry half, less 5 %; the envelope of the house is wider for both. */
export const FAST_MOST: Limits = { cclA: 95, dclA: 150, cvlV: 57.6 };

export interface FastPack {
  readonly unit: SoakUnit;
  /** So many faults keep it from being heard. */
  away: number;
}

export interface FastHouse {
  readonly clock: () => number;
  readonly packs: readonly FastPack[];
  readonly house: () => ReturnType<typeof theHouse> | undefined;
  /** Bytes on the line; what comes back. */
  readonly say: (bytes: Uint8Array) => readonly Uint8Array[];
  /** The line has been silent. */
  readonly quiet: () => readonly Uint8Array[];
  readonly until: (ms: number) => void;
  readonly jump: (ms: number) => void;
  readonly kill: () => void;
  readonly start: () => void;
  /** Samples arrive so much later than they were asked for. */
  delayMs: number;
}

type House = ReturnType<typeof theHouse>;

/** What `last.json` carries: numbers and words, no holes. */
const throughJson = (state: Evaluation): Evaluation =>
  // Written a moment ago from the same type.
  JSON.parse(JSON.stringify(state), (_key, value) => (value === null ? undefined : value)) as Evaluation;

export function fastHouse(hear: (frame: Frame) => void): FastHouse {
  let nowMs = 0;
  let house: House | undefined;
  let left: Evaluation | undefined;
  let framing = newLine(new Set([UNIT]));
  const clock = () => house?.clock() ?? nowMs;
  const packs = PACKS.map((_, i): FastPack => ({ unit: soakUnit(i + 1, tells, clock), away: 0 }));

  const onFrame = ({ id, data }: { id: number; data: Uint8Array }, atMs: number) =>
    hear({ atMs, id, data: Buffer.from(data) });
  const open = () => {
    const stored = left && resume(throughJson(left), nowMs);
    house = theHouse({
      startMs: nowMs,
      bank: '  on_partial_loss: block',
      onFrame,
      ...(stored && { stored }),
    });
    framing = newLine(new Set([UNIT]));
  };

  /** First the pack, then its cells; what was bent is asked again. */
  function round({ unit, away }: FastPack, id: string): void {
    const atMs = clock();
    const part = (register: number) => {
      for (let tries = 0; tries < TRIES; tries++) {
        const reading = ask(unit, register);
        if (reading) return reading;
      }
      return undefined;
    };
    const basic = away > 0 ? undefined : part(BASIC);
    const cells = basic && part(CELLS);
    if (!house || !basic || !cells) return;
    const here = house;
    const deliver = () => here.evaluation.hear(id, { atMs, reading: { ...basic, ...cells } });
    if (self.delayMs > 0) here.after(self.delayMs, deliver);
    else deliver();
  }

  const serve = (requests: readonly Request[]): Uint8Array[] =>
    requests
      .map(({ unit, pdu }) => {
        const reply = house && answerPdu(house.modbus.slave, pdu, unit === 0);
        return reply && unit !== 0 ? rtuFrame(unit, reply) : undefined;
      })
      .slice(-1)
      .flatMap((frame) => frame ?? []);

  function until(ms: number): void {
    const dueMs = Math.floor(clock() / POLL_MS) * POLL_MS + POLL_MS;
    if (dueMs <= ms) {
      house?.until(dueMs);
      nowMs = dueMs;
      packs.forEach((pack, i) => {
        round(pack, PACKS[i] ?? '');
      });
      until(ms);
      return;
    }
    house?.until(ms);
    nowMs = ms;
  }

  open();
  const self: FastHouse = {
    clock,
    packs,
    house: () => house,
    say: (bytes) => serve(feed(framing, bytes)),
    quiet: () => serve(idle(framing)),
    until,
    jump(ms) {
      house?.jump(ms);
      nowMs += ms;
    },
    kill() {
      left = house?.evaluation.state();
      house?.evaluation.stop();
      house?.can.stop();
      house = undefined;
    },
    start: open,
    delayMs: 0,
  };
  return self;
}
