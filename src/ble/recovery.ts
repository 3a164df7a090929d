import { type EarReport, type Rung, rungs } from './orders.ts';
import { costs } from './recovery-costs.ts';

/** So many attempts in a row on a unit that is on the air are more than bad luck. */
const FAILURES = 3;
/** How long a rung has to show that it helped, ms. */
const SETTLE_MS: { readonly [R in Rung]: number } = {
  disconnect: 10_000,
  forget: 10_000,
  'power cycle': 20_000,
  restart: 20_000,
  'stand-in': 30_000,
};
/** A radio that is away so long gives its batteries to its stand-in. */
const AWAY_MS = 60_000;

export interface RecoveryRadio {
  readonly name: string;
  readonly hasStandIn: boolean;
  /** A wire or a proxy: what is lost there a new ear finds no sooner. */
  readonly opensItself?: boolean;
  readonly batteries: readonly string[];
}

/** What is to be tried now, or what came of it. */
export type Recovery = Extract<EarReport, { type: 'recovery' }>;

/** Climbs from the mildest remedy to the dearest; what the ear says is all that it knows, and the ear may be a new one each time. */
export interface RecoveryLadder {
  readonly hear: (report: EarReport, nowMs: number) => readonly Recovery[];
  /** Once a second or so: what only time brings. */
  readonly look: (nowMs: number) => readonly Recovery[];
}

interface Unit {
  readonly battery: string;
  readonly radio: RadioState;
  /** In a row, since the last sample or the last rung: attempts on a unit that is heard, links of a known unit that gave nothing. */
  failures: number;
  link: 'none' | 'trying' | 'alive';
  sampleMs: number;
  /** The first rung that is not tried yet. */
  step: number;
  tried?: { readonly rung: Rung; readonly atMs: number; isJudged: boolean } | undefined;
}

interface RadioState {
  readonly name: string;
  hasStandIn: boolean;
  readonly opensItself: boolean;
  readonly impossible: Set<Rung>;
  awaySinceMs?: number | undefined;
}

const told = (unit: Unit, rung: Rung, outcome: Recovery['outcome'], why?: string): Recovery => ({
  type: 'recovery',
  radio: unit.radio.name,
  battery: unit.battery,
  rung,
  outcome,
  ...(why !== undefined && { why }),
});

/** True when this ends an attempt or a link that should have gone well. A link of a unit that never answered may be one to no BMS. */
function fails(unit: Unit, { state, wasOpen }: Extract<EarReport, { type: 'link' }>): boolean {
  const was = unit.link;
  if (state === 'connecting') unit.link = 'trying';
  if (state === 'resting' || state === 'lost' || state === 'let go') unit.link = 'none';
  const isKnown = unit.sampleMs > Number.NEGATIVE_INFINITY;
  return state === 'lost' && was === 'trying' && (!wasOpen || isKnown);
}

function unitsOf(radios: readonly RecoveryRadio[]): readonly Unit[] {
  return radios.flatMap(({ name, hasStandIn, opensItself = false, batteries }) => {
    const radio: RadioState = { name, hasStandIn, opensItself, impossible: new Set() };
    const sampleMs = Number.NEGATIVE_INFINITY;
    return batteries.map(
      (battery): Unit => ({ battery, radio, failures: 0, link: 'none', sampleMs, step: 0 }),
    );
  });
}

export function recoveryLadder(radios: readonly RecoveryRadio[]): RecoveryLadder {
  const units = unitsOf(radios);
  const cost = costs(units);

  /** A rung that had its time, with a failure since, did not help. */
  const judge = (unit: Unit, nowMs: number): Recovery[] => {
    const { tried } = unit;
    if (!tried || tried.isJudged || unit.failures === 0 || nowMs < tried.atMs + SETTLE_MS[tried.rung])
      return [];
    tried.isJudged = true;
    return [told(unit, tried.rung, 'did not help')];
  };

  /** The next rung that this radio has and whose price may be paid; from the last on, the dear ones again. */
  const nextRung = (unit: Unit, nowMs: number): Rung | undefined => {
    const may = (rung: Rung) => !unit.radio.impossible.has(rung) && cost.mayPay(rung, unit, nowMs);
    return rungs.slice(unit.step).find(may) ?? rungs.slice(rungs.indexOf('power cycle')).find(may);
  };

  const climb = (unit: Unit, nowMs: number): Recovery[] => {
    const isOpen = unit.tried && !unit.tried.isJudged;
    if (isOpen || unit.failures < (unit.step === 0 ? FAILURES : 1)) return [];
    const rung = nextRung(unit, nowMs);
    return rung ? attempt(unit, rung, nowMs) : [];
  };

  const attempt = (unit: Unit, rung: Rung, nowMs: number, why?: string): Recovery[] => {
    cost.paid(rung, unit, nowMs);
    Object.assign(unit, {
      step: rungs.indexOf(rung) + 1,
      failures: 0,
      tried: { rung, atMs: nowMs, isJudged: false },
    });
    // There is one for all radios, and now it is taken.
    if (rung === 'stand-in') for (const { radio } of units) radio.hasStandIn = false;
    return [told(unit, rung, 'tried', why)];
  };

  const readAgain = (unit: Unit, nowMs: number): Recovery[] => {
    const { tried } = unit;
    if (tried) cost.helped(tried.rung, unit);
    Object.assign(unit, { link: 'alive', failures: 0, step: 0, sampleMs: nowMs, tried: undefined });
    return tried && !tried.isJudged ? [told(unit, tried.rung, 'helped')] : [];
  };

  /** What could not be done is not tried again; the next rung does not wait. */
  const refused = (unit: Unit, { rung, outcome }: Recovery, nowMs: number): Recovery[] => {
    if (outcome === 'not possible') unit.radio.impossible.add(rung);
    if (unit.tried?.rung !== rung) return [];
    unit.tried = undefined;
    unit.failures = Math.max(unit.failures, 1);
    return climb(unit, nowMs);
  };

  const hear = (report: EarReport, nowMs: number): readonly Recovery[] => {
    if (report.type === 'adapter')
      for (const { radio } of units.filter((u) => u.radio.name === report.radio))
        radio.awaySinceMs = report.state === 'ready' ? undefined : (radio.awaySinceMs ?? nowMs);
    const unit = 'battery' in report ? units.find(({ battery }) => battery === report.battery) : undefined;
    if (!unit) return [];
    if (report.type === 'sample') return readAgain(unit, nowMs);
    if (report.type === 'recovery') return refused(unit, report, nowMs);
    // What a person lets rest is not to be healed, and what failed before says nothing of what comes after.
    if (report.type === 'link' && report.state === 'let go')
      Object.assign(unit, { failures: 0, tried: undefined });
    if (report.type !== 'link' || !fails(unit, report)) return [];
    unit.failures++;
    return [...judge(unit, nowMs), ...climb(unit, nowMs)];
  };

  const standIns = (nowMs: number): Recovery[] =>
    units.flatMap((unit) => {
      const { hasStandIn, awaySinceMs = nowMs, name } = unit.radio;
      const isDue = hasStandIn && nowMs - awaySinceMs >= AWAY_MS;
      return isDue ? attempt(unit, 'stand-in', nowMs, `${name} was away for ${AWAY_MS / 1000} s`) : [];
    });

  return { hear, look: (nowMs) => [...units.flatMap((unit) => judge(unit, nowMs)), ...standIns(nowMs)] };
}
