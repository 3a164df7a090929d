import { SMALL_A } from '../ble/command.ts';
import type { CommandOrder, Errand } from '../ble/orders.ts';
import type { FetDirection } from '../bms/driver.ts';
import { masker } from '../bms/masked.ts';
import { fromHex, toHex } from '../bytes/hex.ts';
import type { BankState, PackState } from '../model/bank-state.ts';
import type { After } from '../model/timers.ts';
import type { EventGround } from './event-ground.ts';
import type { Commanded } from './reports.ts';
import type { Said } from './said.ts';

/** What a person asked for at this machine; several batteries are served one after the other. */
export interface Wish {
  readonly batteries: readonly string[];
  readonly errand: Errand;
  /** Who asked on the page; absent at this machine. */
  readonly by?: string;
}

/** The zero is told within an evaluation and a beat; what was measured before proves nothing. */
const TOLD_AFTER_MS = 2000;
const CALM_WITHIN_MS = 30_000;
/** Sending begins within this or never: what is sent is then over before nobody waits for it any more. */
const SEND_WITHIN_MS = 10_000;
const ANSWER_WITHIN_MS = 20_000;
const SEEN_WITHIN_MS = 15_000;
const LEFT = 'whoever asked for it has left, so nothing was sent';

export interface ControlGround extends EventGround {
  readonly after: After;
  readonly state: () => BankState | undefined;
  readonly order: (order: CommandOrder) => boolean;
  readonly log: (said: Said) => void;
}

export interface Control {
  /** Directions in which no current may be asked for now. */
  readonly withheld: () => readonly FetDirection[];
  /** After each evaluation. */
  readonly look: () => void;
  readonly heardBack: (result: Commanded) => void;
  /**
   * Carries the wish out, telling each step; resolves with why it was not done, or undefined. One at a time. Who has `left`
   * (Ctrl-C, a lost terminal) sees no step any more: what was not sent by then is not sent.
   */
  readonly carryOut: (
    wish: Wish,
    tell: (sentence: string) => void,
    left?: AbortSignal,
  ) => Promise<string | undefined>;
}

type Waiting = { readonly isTrue: () => boolean; readonly done: (happened: boolean) => void };

/** Frames as hex, for the log: a password that was sent by hand does not stay there. */
function masked(from: 'us' | 'battery', frames: readonly string[]): string {
  const shown = masker();
  return frames
    .map((hex) => toHex(shown({ from, bytes: fromHex(hex) ?? new Uint8Array() }).entry.bytes))
    .join(' | ');
}

const loggable = (errand: Errand): Errand =>
  errand.kind === 'raw' ? { ...errand, hex: masked('us', [errand.hex]) } : errand;

/** Switches FETs and sends raw bytes for a person, never under current and never two at a time. */
export function control(ground: ControlGround): Control {
  const { clock, after, log, ledger } = ground;
  const waiting = new Set<Waiting>();
  const results = new Map<number, Commanded>();
  let number = 0;
  let isBusy = false;
  let held: readonly FetDirection[] = [];

  const look = () => {
    for (const one of waiting) if (one.isTrue()) one.done(true);
  };

  /** True as soon as it is, false after `limitMs`. */
  const until = (isTrue: () => boolean, limitMs: number): Promise<boolean> =>
    new Promise((resolve) => {
      const one: Waiting = {
        isTrue,
        done: (happened) => {
          cancel();
          waiting.delete(one);
          resolve(happened);
        },
      };
      const cancel = after(limitMs, () => one.done(false));
      waiting.add(one);
      if (isTrue()) one.done(true);
    });

  const packOf = (battery: string): PackState | undefined =>
    ground.state()?.packs.find(({ id }) => id === battery);

  /** A sample of this pack that was taken after `sinceMs` and fits. */
  const seen = (battery: string, sinceMs: number, fits: (pack: PackState) => boolean) => () => {
    const pack = packOf(battery);
    return pack?.sampleAtMs !== undefined && pack.sampleAtMs > sinceMs && fits(pack);
  };

  const isCalm = ({ reading }: PackState) => Math.abs(reading?.currentA ?? Infinity) < SMALL_A;

  /** Lets the ear carry it out; a text says why it was not done. */
  async function command(
    battery: string,
    errand: Errand,
    by: string | undefined,
  ): Promise<Commanded | string> {
    number++;
    const mine = number;
    const untilMs = clock() + SEND_WITHIN_MS;
    if (!ground.order({ type: 'command', number: mine, battery, errand, untilMs }))
      return 'the Bluetooth process does not take orders now; try again';
    if (!(await until(() => results.has(mine), ANSWER_WITHIN_MS)))
      return `nothing came of it within ${ANSWER_WITHIN_MS / 1000} s; look at the battery itself`;
    const result = results.get(mine);
    results.clear();
    if (!result) return 'nothing came of it';
    const { sent, heard, why } = result;
    const details = { sent: masked('us', sent), heard: masked('battery', heard), why, by };
    const line = 'bytes were sent to a battery by hand';
    const text = `bytes were sent to battery ${battery} by hand`;
    ledger.moment({ kind: 'battery_switched', subject: battery, line, text, details }, clock());
    return why ?? result;
  }

  async function switchFet(
    battery: string,
    { errand, by }: { errand: Extract<Errand, { kind: 'fet' }>; by: string | undefined },
    tell: (s: string) => void,
    left: AbortSignal | undefined,
  ) {
    const { direction, on } = errand;
    const sinceMs = clock() + TOLD_AFTER_MS;
    if (!on) {
      held = [direction];
      tell(`${battery}: ${direction} limit is told as zero; waiting for less than ${SMALL_A} A`);
      const isReady = seen(battery, sinceMs, isCalm);
      if (!(await until(() => left?.aborted || isReady(), CALM_WITHIN_MS)))
        return `${battery}: still ${SMALL_A} A or more, or no sample, after ${CALM_WITHIN_MS / 1000} s; the FET is left as it is`;
    }
    if (left?.aborted) return `${battery}: ${LEFT}`;
    const sentAtMs = clock();
    const result = await command(battery, errand, by);
    if (typeof result === 'string') return `${battery}: ${result}`;
    const fet = direction === 'charge' ? 'chargeFet' : 'dischargeFet';
    const isSeen = seen(battery, sentAtMs, ({ reading }) => reading?.[fet] === on);
    if (!(await until(isSeen, SEEN_WITHIN_MS)))
      return `${battery}: it was told, but does not report its ${direction} FET ${on ? 'on' : 'off'}; look at the battery itself`;
    tell(`${battery}: ${direction} FET is ${on ? 'on' : 'off'}, as read back`);
    return undefined;
  }

  async function sendRaw(battery: string, { errand, by }: Wish, tell: (s: string) => void) {
    const result = await command(battery, errand, by);
    if (typeof result === 'string') return `${battery}: ${result}`;
    tell(`${battery}: ${result.heard.length > 0 ? result.heard.join(' | ') : 'silence'}`);
    return undefined;
  }

  async function eachInTurn(
    wish: Wish,
    tell: (s: string) => void,
    left: AbortSignal | undefined,
  ): Promise<string | undefined> {
    for (const battery of wish.batteries) {
      if (left?.aborted) return `${battery}: ${LEFT}`;
      const why =
        wish.errand.kind === 'fet'
          ? await switchFet(battery, { errand: wish.errand, by: wish.by }, tell, left)
          : await sendRaw(battery, wish, tell);
      held = [];
      if (why) return why;
    }
    return undefined;
  }

  return {
    withheld: () => held,
    look,
    heardBack: (result) => {
      results.set(result.number, result);
      look();
    },
    carryOut: async (wish, tell, left) => {
      if (isBusy) return 'another command is being carried out; wait for its end';
      isBusy = true;
      log({
        level: 'notice',
        text: 'a person gives a command',
        fields: {
          batteries: wish.batteries.join(','),
          errand: JSON.stringify(loggable(wish.errand)),
          by: wish.by,
        },
      });
      try {
        return await eachInTurn(wish, tell, left);
      } finally {
        held = [];
        isBusy = false;
      }
    },
  };
}
