import type { CanFrame } from '../../src/model/can-frame.ts';
import { NOTHING, type Say, type SimulatedInverter, type Trip } from './room.ts';

/** How an energy management reads the protocol (CAN reference, section 7, variants). */
export interface Form {
  readonly address: number;
  readonly littleEndian: boolean;
  /** Currents count from -3000 A, temperatures from -100 °C. */
  readonly offsets: boolean;
  /** Sign of the discharge limit. */
  readonly discharge: 1 | -1;
  /** Cells in series of the stacks that it knows; without it any. */
  readonly knownCells?: number;
}

export const usual: Form = { address: 0, littleEndian: true, offsets: true, discharge: -1 };
export const ferroamp: Form = { ...usual, address: 1 };
export const plainForm: Form = { address: 0, littleEndian: false, offsets: false, discharge: 1 };

const POLL = 0x4200;
const EVERY_MS = 1000;
const ENSEMBLE = [0x4210, 0x4220, 0x4230, 0x4240, 0x4250, 0x4260, 0x4270, 0x4280, 0x4290];
const EQUIPMENT = [0x7310, 0x7320, 0x7330, 0x7340];
/** Polls without a whole answer after which the battery counts as lost. */
const PATIENCE = 5;

/**
 * A high-voltage energy management that polls a Pylontech stack (CAN reference, section 7): the ensemble once a second, the
 * equipment once until it knows; obeys limits unless the direction is forbidden; stops on an error, a protection, and numbers
 * that cannot be.
 */
export function pylontechHvInverter(say: Say, form: Form) {
  const trips: Trip[] = [];
  const newest = new Map<number, Uint8Array>();
  let answered = new Set<number>();
  let unanswered = 0;
  let polls = 0;
  let polledAtMs = Number.NEGATIVE_INFINITY;
  let unasked = 0;

  const trip = (atMs: number, why: string) => void trips.push({ atMs, why });
  const byte = (id: number, at: number) => newest.get(id)?.[at] ?? 0;
  const word = (id: number, at: number) =>
    form.littleEndian ? byte(id, at) + 256 * byte(id, at + 1) : 256 * byte(id, at) + byte(id, at + 1);
  const signedWord = (id: number, at: number) => ((word(id, at) + 0x8000) % 0x10000) - 0x8000;
  const amps = (id: number, at: number) =>
    form.offsets ? (word(id, at) - 30_000) / 10 : signedWord(id, at) / 10;
  const degrees = (id: number, at: number) =>
    form.offsets ? (word(id, at) - 1000) / 10 : signedWord(id, at) / 10;
  const batteryV = () => word(0x4210, 0) / 10;
  const chargeToV = () => word(0x4220, 0) / 10;
  const dischargeToV = () => word(0x4220, 2) / 10;
  const knows = () => EQUIPMENT.every((id) => newest.has(id));
  const isThere = () => ENSEMBLE.every((id) => newest.has(id)) && unanswered < PATIENCE;

  const absurd: readonly (readonly [string, () => boolean])[] = [
    ['limits of voltage that cannot be', () => chargeToV() <= dischargeToV() || dischargeToV() <= 0],
    ['a battery beyond its limits', () => batteryV() > chargeToV() + 5 || batteryV() < dischargeToV() - 5],
    ['a current that cannot be', () => Math.abs(amps(0x4210, 2)) > 500],
    ['a limit of the wrong sign', () => amps(0x4220, 4) < 0 || form.discharge * amps(0x4220, 6) < 0],
    [
      'cells that cannot be',
      () => word(0x4230, 0) > 3800 || word(0x4230, 2) < 2000 || word(0x4230, 0) < word(0x4230, 2),
    ],
    [
      'temperatures that cannot be',
      () => degrees(0x4240, 0) > 80 || degrees(0x4240, 2) < -40 || degrees(0x4240, 0) < degrees(0x4240, 2),
    ],
    ['a state of charge above 100 %', () => byte(0x4210, 6) > 100],
    ['an error of the battery', () => byte(0x4250, 3) !== 0],
    ['a protection of the battery', () => word(0x4250, 6) !== 0],
    ['a status that is none', () => byte(0x4250, 0) % 8 > 3],
  ];

  /** A whole answer is judged at once, as one picture. */
  function judge(atMs: number): void {
    for (const [why, isSo] of absurd) if (isSo()) trip(atMs, why);
  }

  function judgeEquipment(atMs: number): void {
    const cells = word(0x7320, 0);
    if (form.knownCells !== undefined && cells !== form.knownCells) trip(atMs, `a stack of ${cells} cells`);
  }

  function poll(nowMs: number): void {
    const whole = ENSEMBLE.every((id) => answered.has(id));
    unanswered = polls > 0 && !whole ? unanswered + 1 : 0;
    if (unanswered === PATIENCE && ENSEMBLE.every((id) => newest.has(id))) trip(nowMs, 'no answer');
    answered = new Set();
    polls++;
    say(POLL, [0, 0, 0, 0, 0, 0, 0, 0], true);
    if (!knows()) say(POLL, [2, 0, 0, 0, 0, 0, 0, 0], true);
  }

  return {
    trips,
    hear({ id: heardId, extended, data }: CanFrame, atMs: number) {
      const id = heardId - form.address;
      if (!extended || ![...ENSEMBLE, ...EQUIPMENT].includes(id)) return;
      if (data.length !== 8) return trip(atMs, `0x${id.toString(16)} has ${data.length} bytes`);
      if (answered.has(id) || polls === 0) unasked++;
      answered.add(id);
      newest.set(id, data);
      if (id === 0x4290) judge(atMs);
      if (id === 0x7340) judgeEquipment(atMs);
    },
    tick(nowMs: number) {
      if (nowMs - polledAtMs < EVERY_MS) return;
      polledAtMs = nowMs;
      poll(nowMs);
    },
    allows() {
      if (!isThere() || byte(0x4250, 3) !== 0 || word(0x4250, 6) !== 0) return NOTHING;
      return {
        chargeA: byte(0x4280, 0) === 0xaa ? 0 : amps(0x4220, 4),
        dischargeA: byte(0x4280, 1) === 0xaa ? 0 : form.discharge * amps(0x4220, 6),
      };
    },
    /** Limits as they stand, whatever is forbidden, A. */
    limits: () => ({ chargeA: amps(0x4220, 4), dischargeA: form.discharge * amps(0x4220, 6) + 0 }),
    forbidden: () => [byte(0x4280, 0) === 0xaa, byte(0x4280, 1) === 0xaa],
    status: () => ['sleep', 'charge', 'discharge', 'idle'][byte(0x4250, 0) % 8],
    wantsCharge: () => Math.floor(byte(0x4250, 0) / 8) % 2 === 1,
    early: () => word(0x4250, 4),
    batteryV,
    batteryA: () => amps(0x4210, 2),
    batteryC: () => degrees(0x4210, 4),
    cells: () => word(0x7320, 0),
    modules: () => [byte(0x7320, 2), byte(0x7320, 3)],
    maker: () =>
      String.fromCharCode(...(newest.get(0x7330) ?? []), ...(newest.get(0x7340) ?? [])).replaceAll('\0', ''),
    /** Frames that came twice for one poll, or before any. */
    unasked: () => unasked,
  } satisfies SimulatedInverter & Record<string, unknown>;
}
