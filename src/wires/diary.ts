import { randomBytes } from 'node:crypto';
import { type Ledger, newLedger } from '../events/ledger.ts';
import { eventLine } from '../events/line.ts';
import type { Log } from '../log.ts';
import {
  type BankEvent,
  type EventKind,
  type EventScope,
  type EventsKept,
  eventKinds,
} from '../model/events.ts';
import type { Clock } from '../model/freshness.ts';
import { apart } from './apart.ts';
import { type EventPost, eventPost } from './event-post.ts';

/** All that happens in the wires process: each event becomes a line of the log and goes to the office. */
export interface Diary extends Pick<EventPost, 'look' | 'atBegin'> {
  readonly ledger: Ledger;
}

/** Which room of the log speaks of it. */
const rooms: { readonly [S in EventScope]: string } = {
  gateway: 'gateway',
  bank: 'bank',
  battery: 'bank',
  radio: 'ble',
  inverter: 'wires',
  wire: 'wires',
};

/** What a person does stands with what the person asked for. */
const roomOf = (kind: EventKind): string =>
  kind === 'battery_switched' || kind === 'battery_rests' ? 'control' : rooms[eventKinds[kind].scope];

/** `send`: to the office; false when it does not take it now. `before`: what lasted when the gateway ended. */
export function openDiary(
  clock: Clock,
  root: Log,
  send: (event: BankEvent) => boolean,
  before?: EventsKept,
): Diary {
  const safely = apart('an event', (text) => root.error(text));
  const note = safely((event: BankEvent, gotWorse: boolean) => {
    const { level, text, fields } = eventLine(event);
    if (!gotWorse) root.child({ room: roomOf(event.kind) })[level](fields, text);
    tell(event);
  });
  const ledger = newLedger(randomBytes(4).toString('hex'), note);
  if (before) ledger.carry(before, clock());
  const { tell, look, atBegin } = eventPost(clock, ledger.open, send);
  return { ledger, look: safely(look), atBegin };
}
