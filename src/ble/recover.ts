import { sentence } from '../model/errors.ts';
import type { Timers } from '../model/timers.ts';
import type { EarReport, ListenTo, RecoverOrder, RecoveryOutcome } from './orders.ts';
import { addressKey, type BlePort } from './port.ts';
import type { Session } from './session.ts';
import { within } from './timers.ts';

const FORGET_MS = 5_000;
const POWER_CYCLE_MS = 10_000;

/** What a remedy may lay its hands on. */
export interface Recovering {
  readonly port: BlePort;
  readonly batteries: readonly ListenTo[];
  /** By address. */
  readonly sessions: ReadonlyMap<string, Session>;
  readonly timers: Timers;
  readonly report: (report: EarReport) => void;
  readonly giveUp: (why: string) => void;
}

/** Why a remedy was not one. */
interface Failed {
  readonly outcome: RecoveryOutcome;
  readonly why: string;
}

const notPossible = (why: string): Failed => ({ outcome: 'not possible', why });

/** Something only the radio can do: what is not permitted now is not later either, what takes too long may be. */
const ofPort = (timers: Timers, ms: number, work: Promise<void>): Promise<Failed | undefined> =>
  within(
    timers,
    ms,
    work.then(
      () => undefined,
      (error) => notPossible(sentence(error)),
    ),
  ).catch((error): Failed => ({ outcome: 'did not help', why: sentence(error) }));

async function tryRung(o: Recovering, { address }: ListenTo, { rung, battery }: RecoverOrder) {
  const { port, timers } = o;
  if (rung === 'restart') o.giveUp(`${battery} is on the air but cannot be read any more`);
  if (rung === 'forget')
    return port.forget
      ? ofPort(timers, FORGET_MS, port.forget(address))
      : notPossible('this radio remembers nothing of a unit');
  if (rung === 'power cycle')
    return port.powerCycle
      ? ofPort(timers, POWER_CYCLE_MS, port.powerCycle())
      : notPossible('this radio cannot be switched off and on from here');
  return undefined;
}

/** Tries one rung for a battery, whose session then begins anew at once; what could not be done is reported. */
export async function recover(o: Recovering, order: RecoverOrder): Promise<void> {
  const unit = o.batteries.find(({ id }) => id === order.battery);
  if (!unit) return;
  const failed = await tryRung(o, unit, order);
  if (failed) o.report({ ...order, type: 'recovery', ...failed });
  else o.sessions.get(addressKey(unit.address))?.again();
}
