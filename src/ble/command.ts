import { type Dialect, DONE, type DriverOptions, type FetDirection } from '../bms/driver.ts';
import { requestsOf } from '../bms/round.ts';
import { toHex } from '../bytes/hex.ts';
import type { BatteryReading } from '../model/battery.ts';
import type { Clock } from '../model/freshness.ts';
import type { Talk } from './talk.ts';

/** What a person asked for, by hand, on this machine. `untilMs`: after that moment nothing is sent any more, for nobody expects it. */
export type Command = { readonly untilMs?: number } & (
  | { readonly kind: 'fet'; readonly direction: FetDirection; readonly on: boolean }
  | { readonly kind: 'raw'; readonly bytes: Uint8Array }
);

/** Every byte that went over the link for a command, as hex; `why` is there when it was not done. */
export interface CommandResult {
  readonly sent: readonly string[];
  readonly heard: readonly string[];
  readonly why?: string;
}

/** How a link speaks now. */
export interface Speaking {
  readonly dialect: Dialect;
  readonly line: Talk;
  readonly options: DriverOptions | undefined;
  readonly clock: Clock;
}

/** Less than this is no current that a FET could break at. */
export const SMALL_A = 2;
const ATTEMPTS_MS = [700, 1400] as const;
/** How long a part of a stream is waited for; it comes several times a second. */
const STREAM_MS = 3000;
/** How long what comes after raw bytes is listened to. */
const RAW_MS = 1500;

const TOO_LATE = 'it came too late and was not sent; try again';

const isLate = ({ untilMs = Number.POSITIVE_INFINITY }: Command, { clock }: Speaking): boolean =>
  clock() > untilMs;

const failed = (why: string, sent: readonly string[] = []): CommandResult => ({ sent, heard: [], why });

/** Says one way of a command, frame by frame; why it ended early, or undefined. */
async function sayAll(
  frames: readonly Uint8Array[],
  { dialect, line, options }: Speaking,
  sent: string[],
): Promise<string | undefined> {
  for (const bytes of frames) {
    sent.push(toHex(bytes));
    if (dialect.control?.mute) {
      await line.tell(bytes);
      continue;
    }
    const answer = await line.ask({ name: DONE, bytes, required: true }, ATTEMPTS_MS, options);
    if (!answer) return 'the unit did not answer; look at the battery itself';
    if (answer.value.kind === 'refused') return answer.value.why;
  }
  return undefined;
}

/** What the unit says now of its FETs and its current; undefined when it does not. */
async function stateOf({ dialect, line, options }: Speaking): Promise<BatteryReading | undefined> {
  let now: BatteryReading = {};
  for (const part of dialect.control?.reads ?? []) {
    const request = requestsOf({ dialect, options }).find(({ name }) => name === part);
    const answer = request ? await line.ask(request, ATTEMPTS_MS, options) : await line.next(part, STREAM_MS);
    if (answer?.value.kind !== 'part') return undefined;
    now = { ...now, ...answer.value.reading };
  }
  return now;
}

async function switchFet(
  command: Extract<Command, { kind: 'fet' }>,
  speaking: Speaking,
): Promise<CommandResult> {
  const { direction, on } = command;
  const { control, id } = speaking.dialect;
  if (!control) return failed(`FETs of a unit that talks \`${id}\` cannot be switched from here`);
  const now = await stateOf(speaking);
  const ways = now ? control.fet(direction, on, now) : [];
  if (!now || ways.length === 0) return failed('the unit does not tell how its FETs are now');
  // What called it calm is a sample older than this answer.
  if (!on && !(Math.abs(now.currentA ?? Infinity) < SMALL_A))
    return failed(`${SMALL_A} A or more flow again; the FET is left as it is`);
  if (isLate(command, speaking)) return failed(TOO_LATE);
  const sent: string[] = [];
  let why: string | undefined;
  for (const way of ways) {
    why = await sayAll(way, speaking, sent);
    if (why === undefined) return { sent, heard: [] };
  }
  return failed(why ?? '', sent);
}

/** Carries out one command on an open link, in turn with the questions of its rounds. */
export async function carryOut(command: Command, speaking: Speaking): Promise<CommandResult> {
  if (command.kind === 'fet') return switchFet(command, speaking);
  if (isLate(command, speaking)) return failed(TOO_LATE);
  const heard = await speaking.line.exchange(command.bytes, RAW_MS);
  return { sent: [toHex(command.bytes)], heard: heard.map((bytes) => toHex(bytes)) };
}
