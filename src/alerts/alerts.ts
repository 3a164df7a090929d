// Tells the targets of a gateway file what happens, and remembers over a restart whom it told what.
import type { Condition } from '../events/ledger.ts';
import { sentence } from '../model/errors.ts';
import type { BankEvent } from '../model/events.ts';
import type { Timers } from '../model/timers.ts';
import { type Box, type Due, emptyBox } from './box.ts';
import { boxesText, readBoxes } from './box-file.ts';
import { type Courier, courier, type Outcome } from './courier.ts';
import { messageOf } from './message.ts';
import { type Post, postOf } from './post.ts';
import type { AlertTarget } from './target.ts';

/** What a file holds, or why it cannot be used. */
export type Secret = { readonly text: string } | { readonly problem: string };

export interface AlertsGround {
  readonly timers: Timers;
  readonly wallClock: () => number;
  readonly deliver: (post: Post, ca?: string) => Promise<Outcome>;
  readonly readSecret: (path: string) => Secret;
  readonly readCa: (path: string) => string;
  /** What an earlier office left, if anything. */
  readonly stored?: string | undefined;
  readonly keep: (text: string) => void;
  /** All targets that nothing arrives at now. */
  readonly undelivered: (conditions: readonly Condition[]) => void;
}

export interface Alerts {
  readonly take: (event: BankEvent) => void;
  readonly stop: () => Promise<unknown>;
}

/** The server, without the path: that may be a secret. */
export const serverOf = ({ url }: AlertTarget): string => new URL(url).host;

export const whyText = (target: AlertTarget, why: string): string =>
  `alerts to \`${target.id}\` are not delivered: ${serverOf(target)} ${why}`;

/** Builds the message and sends it once. Never rejects. */
async function sendOnce(target: AlertTarget, { event, phase }: Due, o: AlertsGround): Promise<Outcome> {
  const skewMs = o.wallClock() - o.timers.now();
  try {
    const message = messageOf(event, phase, { site: target.site, wallMs: (atMs) => atMs + skewMs });
    return await sendMessage(target, message, o);
  } catch (error) {
    return { end: 'refused', why: `is not called, a message could not be made: ${sentence(error)}` };
  }
}

export type Sending = Pick<AlertsGround, 'deliver' | 'readSecret' | 'readCa'>;

export async function sendMessage(
  target: AlertTarget,
  message: Parameters<typeof postOf>[1],
  { deliver, readSecret, readCa }: Sending,
): Promise<Outcome> {
  const { tokenFile, caFile } = target;
  const token = tokenFile === undefined ? undefined : readSecret(tokenFile);
  if (token && 'problem' in token) return { end: 'later', why: `is not called: ${token.problem}` };
  try {
    return await deliver(
      postOf(target, message, token?.text),
      caFile === undefined ? undefined : readCa(caFile),
    );
  } catch (error) {
    return { end: 'later', why: `is not called: ${sentence(error)}` };
  }
}

export function alerts(targets: readonly AlertTarget[], ground: AlertsGround): Alerts {
  const now = () => ({ monotonicMs: ground.timers.now(), wallMs: ground.wallClock() });
  const stored =
    (ground.stored === undefined ? undefined : readBoxes(ground.stored, now())) ?? new Map<string, Box>();
  const troubles = new Map<string, Condition>();
  const couriers = new Map<string, Courier>();
  const changed = () =>
    ground.keep(boxesText(new Map(Array.from(couriers, ([id, { box }]) => [id, box()])), now()));

  function trouble(target: AlertTarget, why: string | undefined): void {
    const { id } = target;
    if ((why === undefined) !== troubles.has(id)) return;
    if (why === undefined) troubles.delete(id);
    else troubles.set(id, { kind: 'alert_undelivered', subject: id, text: whyText(target, why) });
    ground.undelivered([...troubles.values()]);
  }

  for (const target of targets)
    couriers.set(
      target.id,
      courier(target, stored.get(target.id) ?? emptyBox, {
        timers: ground.timers,
        send: (due) => sendOnce(target, due, ground),
        changed,
        trouble: (why) => trouble(target, why),
      }),
    );
  return {
    take(event) {
      for (const { take } of couriers.values()) take(event);
    },
    stop: () => Promise.all(Array.from(couriers.values(), ({ stop }) => stop())),
  };
}
