import { type Ask, bitOf, every, memory, readWords, signed } from './modbus-room.ts';
import { type Inverter, NOTHING } from './room.ts';

/** A battery whose heartbeat stands still for this long is lost, and so is one that does not answer. */
const LOST_AFTER_MS = 5000;
const BASE = 40000;

/**
 * An energy manager that reads a SunSpec battery (RS485 reference, section 13): walks the models by their lengths, scales by the scale
 * factors, watches the heartbeat and the communication event, and turns its own heartbeat once a second.
 */
export function sunspecReader(
  ask: Ask,
): Inverter & { readonly socPct: () => number; readonly lost: () => boolean } {
  const on = memory(LOST_AFTER_MS, 'battery does not answer');
  let model: number | undefined;
  let beat = -1;
  let beatAtMs = Number.NaN;
  let standsStill = false;
  let own = 0;
  const at = (offset: number) => on.word('model', offset);
  const scaled = (offset: number, scale: number) => at(offset) * 10 ** signed(at(scale));

  const marked = (): boolean => on.word('marker', 0) === 0x5375 && on.word('marker', 1) === 0x6e53;

  /** Why there is no battery model; undefined when it was found, or when nobody answers yet. */
  function find(nowMs: number): string | undefined {
    if (!on.keep('marker', readWords(ask, 1, 3, BASE, 2), nowMs)) return undefined;
    if (!marked()) return 'no SunSpec marker';
    for (let next = BASE + 2; model === undefined; next += 2 + on.word('head', 1)) {
      if (!on.keep('head', readWords(ask, 1, 3, next, 2), nowMs)) return undefined;
      if (on.word('head', 0) === 0xffff) return 'no battery model';
      if (on.word('head', 0) === 802) model = next;
    }
    return undefined;
  }

  const wrong: readonly (readonly [string, () => boolean])[] = [
    ['a model of another length', () => at(0) !== 802 || at(1) !== 62],
    ['a state of charge above 100 %', () => scaled(11, 56) > 100],
    ['a voltage that is not implemented', () => at(34) === 0xffff || at(34) === 0],
    [
      'a scale factor that is none',
      () => [52, 53, 56, 59, 60, 61, 62].some((sf) => Math.abs(signed(at(sf))) > 10),
    ],
    ['a charge voltage of 0', () => at(35) === 0],
    ['a fault', () => at(22) === 99],
  ];

  function read(nowMs: number): void {
    const missing = model === undefined ? find(nowMs) : undefined;
    if (missing !== undefined) on.trip(nowMs, missing);
    if (model === undefined || !on.keep('model', readWords(ask, 1, 3, model, 64), nowMs)) return;
    for (const [why, is] of wrong) if (is()) on.trip(nowMs, why);
    if (at(18) !== beat) [beat, beatAtMs] = [at(18), nowMs];
    standsStill = nowMs - beatAtMs > LOST_AFTER_MS;
    own = (own + 1) % 65_535;
    const where = model + 19;
    const reply = ask(1, [6, where >> 8, where & 255, own >> 8, own & 255]);
    if (reply?.[0] !== 6) on.trip(nowMs, 'a battery that does not take the heartbeat');
  }
  const poll = every(1000, read);

  return {
    trips: on.trips,
    socPct: () => scaled(11, 56),
    lost: () => standsStill || bitOf(at(27), 0),
    tick(nowMs) {
      poll(nowMs);
      on.judge(nowMs);
    },
    allows() {
      if (!on.has('model') || on.silent()) return NOTHING;
      return { chargeA: scaled(45, 62), dischargeA: scaled(46, 62) };
    },
  };
}
