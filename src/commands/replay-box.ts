import type { Evaluation } from '../bank/memory.ts';
import type { Box } from '../blackbox/read-box.ts';
import { readBox } from '../blackbox/read-box.ts';
import { type DocumentProblem, GatewayError, sentence } from '../model/errors.ts';
import { eventKinds } from '../model/events.ts';
import { type Compared, playTape, type Step } from '../wires/play-tape.ts';
import { explained } from './explain-table.ts';
import { print } from './print.ts';
import { decodedAnew } from './replay-raw.ts';

export interface BoxOptions {
  readonly explain?: true;
  readonly wires?: true;
  readonly config?: string;
  readonly bms?: string;
  readonly loop?: true;
}

/** Those that are for captures. */
const STRANGE = ['config', 'bms', 'loop'] as const;

const refuse = (message: string): GatewayError => new GatewayError('REFUSED', { message });

/** Every step; what cannot be played is one sentence. */
function* steps(file: string, { head, entries }: Box): Generator<Step> {
  try {
    yield* playTape({ ...head, entries });
  } catch (error) {
    throw refuse(
      `${file} cannot be played (${sentence(error)}): it is damaged, or of a version that this program does not know`,
    );
  }
}

const secondsOf = ({ head }: Box, atMs: number): string => ((atMs - head.fromMs) / 1000).toFixed(3);

/** The states, with time counted from the beginning of the box. */
function* states(file: string, box: Box): Generator<Evaluation> {
  for (const { state } of steps(file, box))
    if (state) yield { ...state, evaluatedAtMs: state.evaluatedAtMs - box.head.fromMs };
}

const WORDS: { readonly [W in Compared['what']]: string } = {
  evaluation: 'evaluations',
  memory: 'states in between',
  answer: 'answers to',
  frame: 'frames on',
};

const rowName = ({ what, who }: Compared): string =>
  what === 'answer' || what === 'frame' ? `${WORDS[what]} ${who}` : WORDS[what];

interface Row {
  count: number;
  others: number;
}

/** What was compared, by what it is; and where the first of each differed. */
function* report(file: string, box: Box, problems: DocumentProblem[]): Generator<string> {
  yield* title(file, box);
  const rows = new Map<string, Row>();
  let line = 1;
  for (const { entry, compared } of steps(file, box)) {
    line++;
    if (!compared) continue;
    const name = rowName(compared);
    const row = rows.get(name) ?? { count: 0, others: 0 };
    rows.set(name, row);
    row.count++;
    if (compared.was === compared.is) continue;
    if (row.others++ === 0)
      problems.push({
        file,
        line,
        column: 1,
        message: `${name}: at ${secondsOf(box, entry[1])} s this was told: ${compared.was}; now it would be: ${compared.is}`,
      });
  }
  for (const [name, { count, others }] of rows)
    yield `${name}: ${others === 0 ? `all ${count} as they were` : `${others} of ${count} are others now`}`;
  const { all, same } = decodedAnew(box);
  yield `samples: ${same} of ${all} come out of the raw bytes as they were`;
}

function* title(file: string, box: Box): Generator<string> {
  const { head, entries } = box;
  const wall = (atMs: number) => new Date(atMs + head.wall_minus_monotonic_ms).toISOString();
  for (const { kind, text, beganAtMs } of head.events)
    yield `${file}: ${eventKinds[kind]?.title ?? kind} at ${wall(beganAtMs)}, ${secondsOf(box, beganAtMs)} s after its beginning: ${text}`;
  const endMs = entries.at(-1)?.[1] ?? head.fromMs;
  yield `${secondsOf(box, endMs)} s, ${head.batteries.length} batteries, ${head.inverters.length} inverters`;
}

/** Every answer and every frame that goes out, as the playing tells it. */
function* told(file: string, box: Box): Generator<string> {
  for (const { entry, compared } of steps(file, box)) {
    if (compared?.what !== 'answer' && compared?.what !== 'frame') continue;
    const asked = entry[0] === 'modbus' ? `unit ${entry[3]} ${Buffer.from(entry[4]).toString('hex')} > ` : '';
    const code = entry[0] === 'codec' && entry[3] !== null ? `0x${entry[3].toString(16)} > ` : '';
    if (entry[0] === 'codec' && entry[3] === null) continue;
    yield `${secondsOf(box, entry[1]).padStart(9)} ${compared.who} ${asked}${code}${compared.is}`;
  }
}

/** Plays a black box. Throws DOCUMENT_INVALID where it is damaged, and where what it tells now is not what it told then. */
export function replayBox(file: string, text: string, options: BoxOptions): void {
  const { explain, wires } = options;
  const strange = STRANGE.find((name) => options[name] !== undefined);
  if (strange)
    throw refuse(`${file} is a black box and brings all that it needs; leave out \`--${strange}\``);
  const box = readBox(text);
  if ('message' in box)
    throw new GatewayError('DOCUMENT_INVALID', {
      problems: [{ file, line: box.line, column: 1, message: box.message }],
    });
  const problems: DocumentProblem[] = [];
  if (explain) print(explained(states(file, box)));
  else print(wires ? told(file, box) : report(file, box, problems));
  if (problems.length) throw new GatewayError('DOCUMENT_INVALID', { problems });
}
