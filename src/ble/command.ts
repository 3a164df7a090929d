import { type Dialect, DONE, type DriverOptions, type FetDirection } from '../bms/driver.ts';
import { requestsOf } from '../bms/round.ts';
import { toHex } from '../bytes/hex.ts';
import type { Talk } from './talk.ts';

/** What a person asked for, by hand, on this machine. */
export type Command =
  | { readonly kind: 'fet'; readonly direction: FetDirection; readonly on: boolean }
  | { readonly kind: 'raw'; readonly bytes: Uint8Array };

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
}

/** Less than this is no current that a FET could break at. */
export const SMALL_A = 2;
const ATTEMPTS_MS = [700, 1400] as const;
/** How long what comes after raw bytes is listened to. */
const RAW_MS = 1500;

const failed = (why: string, sent: readonly string[] = []): CommandResult => ({ sent, heard: [], why });

/** Says one way of a command, frame by frame; why it ended early, or undefined. */
async function sayAll(
  frames: readonly Uint8Array[],
  { line, options }: Speaking,
  sent: string[],
): Promise<string | undefined> {
  for (const bytes of frames) {
    sent.push(toHex(bytes));
    const answer = await line.ask({ name: DONE, bytes, required: true }, ATTEMPTS_MS, options);
    if (!answer) return 'the unit did not answer';
    if (answer.value.kind === 'refused') return answer.value.why;
  }
  return undefined;
}

async function switchFet(
  { direction, on }: Extract<Command, { kind: 'fet' }>,
  speaking: Speaking,
): Promise<CommandResult> {
  const { dialect, line, options } = speaking;
  const { control } = dialect;
  const read = requestsOf({ dialect, options }).find(({ name }) => name === control?.reads);
  if (!control || !read) return failed('FETs of this family cannot be switched from here');
  const now = await line.ask(read, ATTEMPTS_MS, options);
  if (now?.value.kind !== 'part') return failed('the unit does not tell how its FETs are now');
  // What called it calm is a sample older than this answer.
  if (!on && Math.abs(now.value.reading.currentA ?? Infinity) >= SMALL_A)
    return failed(`${SMALL_A} A or more flow again; the FET is left as it is`);
  const sent: string[] = [];
  let why: string | undefined = 'the unit does not tell how its other FET is';
  for (const way of control.fet(direction, on, now.value.reading)) {
    why = await sayAll(way, speaking, sent);
    if (why === undefined) return { sent, heard: [] };
  }
  return failed(why, sent);
}

/** Carries out one command on an open link, in turn with the questions of its rounds. */
export async function carryOut(command: Command, speaking: Speaking): Promise<CommandResult> {
  if (command.kind === 'fet') return switchFet(command, speaking);
  const heard = await speaking.line.exchange(command.bytes, RAW_MS);
  return { sent: [toHex(command.bytes)], heard: heard.map((bytes) => toHex(bytes)) };
}
