// What an output leaves as plain data, for a file, and back.
import { unheard } from '../can/hearing.ts';
import type { CompiledProfile } from '../profile/compile.ts';
import type { Meaning } from '../profile/schema.ts';
import type { Talk as SerialTalk } from '../profile/serial/talk.ts';
import { type Talk, talkRules } from '../profile/talk.ts';
import type { CanLeft, Leavings, Left, SerialLeft } from './left.ts';
import type { Written } from './modbus-voice.ts';

export interface LeftData {
  readonly can?: {
    readonly talk: Talk;
    readonly values: readonly (readonly [Meaning, { readonly value: number; readonly atMs: number }])[];
    readonly nextBeatAtMs: number;
  };
  readonly written?: {
    readonly words: readonly number[];
    readonly taken: readonly number[];
    readonly heard: readonly (readonly [
      Meaning,
      { readonly writtenAtMs: number; readonly changedAtMs: number },
    ])[];
    readonly coils: readonly number[];
  };
  readonly serial?: {
    readonly talk: Omit<SerialTalk, 'answered'> & {
      readonly answered: readonly (readonly [number, number])[];
    };
    readonly askedAtMs: number;
  };
}

const writtenData = ({ store, coils }: Written): NonNullable<LeftData['written']> => ({
  words: [...store.words],
  taken: [...store.taken],
  heard: [...store.heard],
  coils: [...coils],
});

const serialData = ({ talk, askedAtMs }: SerialLeft): NonNullable<LeftData['serial']> => ({
  talk: { ...talk, answered: [...talk.answered] },
  askedAtMs,
});

const leftData = ({ can, written, serial }: Left): LeftData => ({
  ...(can && { can: { talk: can.talk, values: [...can.values], nextBeatAtMs: can.nextBeatAtMs } }),
  ...(written && { written: writtenData(written) }),
  ...(serial && { serial: serialData(serial) }),
});

/** By inverter. */
export const leavingsData = (leavings: Leavings): { readonly [inverter: string]: LeftData } =>
  Object.fromEntries(Array.from(leavings, ([id, left]) => [id, leftData(left)]));

function canLeft({ can }: CompiledProfile, left: LeftData['can']): CanLeft | undefined {
  return (
    can &&
    left && {
      talk: left.talk,
      rules: talkRules(can),
      values: new Map(left.values),
      beatAtMs: undefined,
      nextBeatAtMs: left.nextBeatAtMs,
    }
  );
}

function writtenLeft({ modbus }: CompiledProfile, left: LeftData['written']): Written | undefined {
  return (
    modbus &&
    left && {
      table: modbus.writable,
      store: {
        words: Uint16Array.from(left.words),
        taken: Uint8Array.from(left.taken),
        heard: new Map(left.heard),
      },
      coils: new Set(left.coils),
    }
  );
}

/** What was left by an output under this profile. */
export function leftOf(compiled: CompiledProfile, { can, written, serial }: LeftData): Left {
  const [talk, store] = [canLeft(compiled, can), writtenLeft(compiled, written)];
  return {
    hearing: unheard,
    ...(talk && { can: talk }),
    ...(store && { written: store }),
    ...(serial && {
      serial: { ...serial, talk: { ...serial.talk, answered: new Map(serial.talk.answered) } },
    }),
  };
}
