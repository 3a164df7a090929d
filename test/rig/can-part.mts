// The part that a CAN profile gives its battery, from its first whole example: what it says by itself, what it answers.
import { frameKey } from '../../src/model/can-frame.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import {
  type CompiledCan,
  type CompiledProfile,
  compileProfile,
  inPhase,
} from '../../src/profile/compile.ts';
import { isIncomplete } from '../../src/profile/encode.ts';
import type { FrameLayout } from '../../src/profile/layout.ts';
import type { Profile } from '../../src/profile/schema.ts';
import { writtenState } from '../../src/profile/state-file.ts';

type Example = Profile['examples'][number];
export type Phase = string | undefined;

/** A frame as `candump -L` writes it: 3 digits of id or 8, `#`, the bytes. */
export interface Heard {
  readonly atMs: number;
  readonly id: string;
  readonly bytes: Uint8Array;
}

/** What a frame must be; a byte that moves with time is undefined. */
export interface Expected {
  readonly id: string;
  readonly bytes: readonly (number | undefined)[];
  readonly isFromExample: boolean;
}

/** What an inverter may say, with what the profile makes of it. */
export interface Poll {
  /** As `cansend` takes it. */
  readonly text: string;
  readonly isAlive: boolean;
  readonly asks: readonly string[];
  readonly leads: (phase: Phase) => Phase;
}

/** A battery of one profile in the state of its example. */
export interface Part {
  readonly example: Example;
  readonly can: CompiledCan;
  /** The phase of the talk that the example is of. */
  readonly phase: Phase;
  readonly polls: readonly Poll[];
  readonly cyclic: readonly FrameLayout[];
  /** What is sent of these frames in a phase, in the profile's order. */
  readonly expected: (wanted: (layout: FrameLayout) => boolean, phase: Phase) => readonly Expected[];
}

const hex = (bytes: readonly (number | undefined)[]): string =>
  bytes.map((b) => b?.toString(16).toUpperCase().padStart(2, '0') ?? '··').join('');

const idText = ({ id, extended }: { id: number; extended: boolean }): string =>
  id
    .toString(16)
    .toUpperCase()
    .padStart(extended ? 8 : 3, '0');

export const frameText = ({ id, bytes }: Pick<Expected, 'id' | 'bytes'>): string => `${id}#${hex(bytes)}`;
export const heardText = ({ id, bytes }: Heard): string => `${id}#${hex([...bytes])}`;

export const fits = (wanted: Expected, { id, bytes }: Heard): boolean =>
  wanted.id === id &&
  wanted.bytes.length === bytes.length &&
  wanted.bytes.every((byte, i) => byte === undefined || byte === bytes[i]);

/** Is it this frame, whatever it says? */
export const isOf = (layout: FrameLayout, { id, bytes }: Heard): boolean =>
  id === idText(layout) && (layout.part === undefined || bytes[layout.part.at] === layout.part.value);

export const isCyclic = (layout: FrameLayout): boolean => layout.when_asked === undefined;

export const answering =
  (groups: readonly string[]) =>
  (layout: FrameLayout): boolean =>
    layout.when_asked?.some((group) => groups.includes(group)) ?? false;

/** The bytes that the example writes down for a frame; undefined where it says nothing of it. */
function writtenBytes({ then }: Example, { id, part }: FrameLayout): number[] | 'none' | undefined {
  const place = Object.keys(then).find((key) => {
    const [number, value] = key.split('/');
    return Number(number) === id && (value === undefined || Number(value) === part?.value);
  });
  const text = place === undefined ? undefined : then[place];
  if (text === undefined || text === 'none') return text;
  return [...text.replace(/\s+/g, '').matchAll(/../g)].map(([byte]) => Number.parseInt(byte, 16));
}

const bytesOf = (can: CompiledCan, layout: FrameLayout, state: SignalValues, phase: Phase) => {
  const frames = can.say(state, (other) => other === layout, phase);
  return isIncomplete(frames) ? undefined : frames[0]?.data;
};

/** Everything that moves while the state stands still. */
const moving = (value: number): SignalValues => ({ heartbeat: value, dataAgeS: value, inverterMode: value });

function unmoved(can: CompiledCan, layout: FrameLayout, state: SignalValues, phase: Phase, bytes: number[]) {
  const variants = Array.from({ length: 256 }, (_, value) =>
    bytesOf(can, layout, { ...state, ...moving(value) }, phase),
  );
  return bytes.map((byte, at) =>
    variants.every((other) => other?.[at] === variants[0]?.[at]) ? byte : undefined,
  );
}

/** The frames of the polls: each entry of `receives` with the bytes that mark it, all others 0. */
function pollsOf({ receives }: CompiledCan): Poll[] {
  const texts = receives.map((spec) => ({ spec, bytes: Array.from({ length: 8 }, () => 0) }));
  for (const { spec, bytes } of texts) for (const { at, is, mask } of spec.where) bytes[at] = is & mask;
  return texts.map(({ spec, bytes }) => {
    const meant = receives.filter(
      (other) =>
        frameKey(other) === frameKey(spec) &&
        other.where.every(({ at, is, mask }) => ((bytes[at] ?? 0) & mask) === (is & mask)),
    );
    const leads = meant.flatMap((other) => other.leads ?? []);
    return {
      text: frameText({ id: idText(spec), bytes }),
      isAlive: meant.some(({ means }) => means === 'alive'),
      asks: [...new Set(meant.flatMap(({ asks }) => asks))],
      leads: (phase) =>
        leads.find(({ from }) => from === undefined || (phase !== undefined && from.includes(phase)))?.to ??
        phase,
    };
  });
}

const isFresh = ({ given }: Example): boolean => (given.freshness ?? 'fresh') === 'fresh';

/** The first example of a fresh bank that lacks nothing. */
function wholeExample({ profile }: CompiledProfile): { example: Example; can: CompiledCan } | undefined {
  for (const example of profile.examples.filter(isFresh)) {
    const { can } = compileProfile(profile, example.options);
    if (can && !isIncomplete(can.frames(writtenState(example.given)))) return { example, can };
  }
  return undefined;
}

/** Throws when the profile has no example that a battery could be emulated from. */
export function partOf(compiled: CompiledProfile): Part {
  const whole = wholeExample(compiled);
  if (!whole) throw new Error('none of its examples of a fresh bank gives all that it requires');
  const { example, can } = whole;
  const state = writtenState(example.given);
  const examplePhase = example.phase ?? can.talk.phases?.at(-1);

  function expect(layout: FrameLayout, phase: Phase): Expected[] {
    const encoded = bytesOf(can, layout, state, phase);
    const written = phase === examplePhase ? writtenBytes(example, layout) : undefined;
    if (written === 'none' || encoded === undefined) return [];
    const bytes = unmoved(can, layout, state, phase, written ?? [...encoded]);
    return [{ id: idText(layout), bytes, isFromExample: written !== undefined }];
  }

  return {
    example,
    can,
    phase: examplePhase,
    polls: pollsOf(can),
    cyclic: can.layouts.filter(isCyclic),
    expected: (wanted, phase) =>
      can.layouts
        .filter((layout) => wanted(layout) && inPhase(layout, phase))
        .flatMap((layout) => expect(layout, phase)),
  };
}
