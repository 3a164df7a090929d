// The exchange of profiles while they are served: between two beats, on trial, and back where the new one fails.
import type { Swaps } from '../config/configuration.ts';
import type { InverterPlan } from '../config/inverters.ts';
import type { Offer, Refusal } from '../config/profile-watch.ts';
import type { Moment } from '../events/ledger.ts';
import { sentence } from '../model/errors.ts';
import type { SignalValues } from '../model/signals.ts';
import type { CompiledProfile } from '../profile/compile.ts';
import { differenceText, type Saying, sayingOf } from './difference.ts';
import type { Ground } from './output.ts';
import { onTrial, type Trial } from './trial.ts';

/** A profile must have said the bank, and failed for nothing, for this long before it is the last good one. */
const TRIAL_MS = 60_000;
/** Compiling takes some 20 ms on a small board; no beat may be due before it is over. */
const ROOM_MS = 60;
const LOOK_AGAIN_MS = 50;
/** On a bus where there never is that much room it is done all the same. */
const PATIENCE_MS = 5000;

/** The wires as an exchange sees them. */
export interface SwapGround extends Ground {
  readonly swaps: Swaps;
  readonly planOf: (inverter: string) => InverterPlan | undefined;
  /** Puts this plan in the place of the one of the same inverter. */
  readonly exchange: (plan: InverterPlan) => void;
  /** For how long nothing is due on any wire. */
  readonly idleForMs: () => number;
  /** The profile of these texts is the last good one now. */
  readonly stood: (inverter: string, textHash: string) => void;
}

export interface Swapping {
  readonly offer: (offer: Offer) => void;
  readonly refuse: (refusal: Refusal) => void;
  /** Once a second: which trials are over. */
  readonly judge: (nowMs: number) => void;
  readonly stop: () => void;
}

interface OnTrial {
  readonly trial: Trial;
  /** As it is without a trial. */
  readonly plan: InverterPlan;
  readonly before: InverterPlan;
  readonly sinceMs: number;
}

/** What a profile says of the bank now, or why it cannot. */
function sayingNow(compiled: CompiledProfile, bank: SignalValues): Saying | string {
  try {
    const said = sayingOf(compiled, bank);
    return 'missing' in said ? `it requires ${said.missing.join(', ')}, which the bank does not have` : said;
  } catch (error) {
    return `it cannot be encoded: ${sentence(error)}`;
  }
}

const versions = (before: InverterPlan, now: InverterPlan): string =>
  [...new Set([before, now].map(({ compiled: { profile } }) => profile.version))].join(' → ');

export function startSwaps(ground: SwapGround): Swapping {
  const { swaps, planOf, exchange, clock } = ground;
  const waiting = new Map<string, Offer>();
  const trials = new Map<string, OnTrial>();
  const refused = new Map<string, string>();
  /** Not tried again as long as its file is not another one. */
  const dropped = new Map<string, string | undefined>();
  let waitsSinceMs = 0;
  let cancel = () => {};

  const say = (what: Moment): void => ground.ledger.moment(what, clock());
  const bank = (): SignalValues => ground.state()?.signals ?? {};

  function refuse(inverter: string, why: string): void {
    const plan = planOf(inverter);
    if (!plan || refused.get(inverter) === why) return;
    refused.set(inverter, why);
    const line = 'profile is refused, the one in force goes on';
    say({
      kind: 'profile_refused',
      subject: inverter,
      line,
      text: `${line}: ${why}`,
      details: { profile: plan.compiled.profile.id, why },
    });
  }

  /** The plan with what it changes on the wire, or why it may not come there. */
  function planned(
    offer: Offer,
    served: InverterPlan,
  ): { plan: InverterPlan; changes: string } | { why: string } {
    try {
      const plan = swaps.planned(offer);
      return typeof plan === 'string' ? { why: plan } : judged(served, plan);
    } catch (error) {
      return { why: sentence(error) };
    }
  }

  function judged(served: InverterPlan, plan: InverterPlan) {
    const [was, is] = [sayingNow(served.compiled, bank()), sayingNow(plan.compiled, bank())];
    if (typeof was === 'string') return { plan, changes: 'not known, the bank cannot be told yet' };
    return typeof is === 'string' ? { why: is } : { plan, changes: differenceText(was, is) };
  }

  function drop(inverter: string, trial: Trial, why: string): void {
    const held = trials.get(inverter);
    if (held?.trial !== trial) return;
    trials.delete(inverter);
    const { before, plan } = held;
    dropped.set(inverter, plan.textHash);
    swaps.inForce(before);
    exchange(before);
    const line = 'profile is dropped, the last good one is back';
    say({
      kind: 'profile_dropped',
      subject: inverter,
      line,
      text: `${line}: ${why}`,
      details: { profile: plan.compiled.profile.id, why },
    });
  }

  function put(plan: InverterPlan, before: InverterPlan): void {
    const trial = onTrial(plan.compiled, before.compiled, (why) => {
      // It is being said right now: the wire must not be changed under it.
      ground.after(0, () => drop(plan.id, trial, why));
    });
    trials.set(plan.id, { trial, plan, before, sinceMs: clock() });
    swaps.inForce(plan);
    exchange({ ...plan, compiled: trial.compiled });
  }

  function take(offer: Offer): void {
    const { inverter } = offer;
    const served = planOf(inverter);
    if (!served || [served.textHash, dropped.get(inverter)].includes(offer.textHash)) return;
    const found = planned(offer, served);
    if ('why' in found) {
      refuse(inverter, found.why);
      return;
    }
    const { plan, changes } = found;
    refused.delete(inverter);
    dropped.delete(inverter);
    put(plan, trials.get(inverter)?.before ?? served);
    const { id: profile } = plan.compiled.profile;
    const details = { profile, version: versions(served, plan), changes };
    const line = 'profile is taken';
    say({ kind: 'profile_taken', subject: inverter, line, text: `${line}: ${changes}`, details });
  }

  /** Between two beats, when there is room for it. */
  function settle(): void {
    cancel();
    const nowMs = clock();
    if (ground.idleForMs() < ROOM_MS && nowMs - waitsSinceMs < PATIENCE_MS) {
      cancel = ground.after(LOOK_AGAIN_MS, settle);
      return;
    }
    const [first] = waiting.values();
    if (!first) return;
    waiting.delete(first.inverter);
    take(first);
    // One at a time: each needs its room.
    waitsSinceMs = nowMs;
    cancel = ground.after(LOOK_AGAIN_MS, settle);
  }

  return {
    refuse: ({ inverter, why }) => refuse(inverter, why),
    offer(offer) {
      if (waiting.size === 0) waitsSinceMs = clock();
      waiting.set(offer.inverter, offer);
      settle();
    },
    judge(nowMs) {
      for (const [inverter, { trial, plan, before, sinceMs }] of trials) {
        // Asked on its behalf: an inverter may not ask for minutes.
        const said = sayingNow(plan.compiled, bank());
        if (typeof said === 'string') {
          if (typeof sayingNow(before.compiled, bank()) !== 'string') drop(inverter, trial, said);
        } else if (nowMs - sinceMs >= TRIAL_MS) {
          trials.delete(inverter);
          trial.end();
          if (plan.textHash !== undefined) ground.stood(inverter, plan.textHash);
        }
      }
    },
    stop: () => cancel(),
  };
}
