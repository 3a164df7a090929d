// The stream of what goes over the wires, as signals. The gateway sends it only while somebody watches.
import { batch, signal } from '@preact/signals';
import type { BusHeard, TalkMessage, WireTalk } from '../../model/api/wire-talk.ts';
import { site } from '../session/session.ts';
import { commandOf, partIn } from './decoded.ts';
import { explained } from './explained-profiles.ts';
import { newRecording } from './recording.ts';
import { type Seen, seenAfter } from './registers.ts';
import { watchedStream } from './stream.ts';
import { emptyBook, read, regrouped, type TalkBook } from './talk-book.ts';

export const book = signal<TalkBook>(emptyBook);
/** What each unit of an inverter has read, by `id unit`. */
export const seen = signal<ReadonlyMap<string, Seen>>(new Map());
/** The gateway's monotonic moment since which it is watched. */
export const watchedSinceMs = signal<number | undefined>(undefined);

/** What is on each CAN bus and belongs to nobody there. */
export const buses = signal<readonly BusHeard[]>([]);

export const recording = signal(newRecording());
export const isRecording = signal(false);
/** Grows with what is recorded: a recording itself is no signal. */
export const recordedCount = signal(0);

const ofWire = (wire: string) => (site.value?.inverters ?? []).filter((inverter) => inverter.wire === wire);

export const profileOf = (inverter: string) => explained.value.get(inverter)?.profile;

/** Profiles that speak on a wire, as far as they were read. */
export const profilesOn = (wire: string) => ofWire(wire).flatMap(({ id }) => profileOf(id) ?? []);

function partOf(talk: WireTalk): string | undefined {
  if (talk.kind === 'telegram') return commandOf(profileOf(talk.inverter), talk);
  if (talk.kind === 'modbus') return undefined;
  for (const profile of profilesOn(talk.wire)) {
    const part = partIn(profile, talk);
    if (part !== undefined) return part;
  }
  return undefined;
}

export const seenKey = (inverter: string, unit: number | ''): string => `${inverter} ${unit}`;

function noteReads(items: readonly WireTalk[]): void {
  const next = new Map(seen.value);
  for (const talk of items) {
    if (talk.kind !== 'modbus') continue;
    const key = seenKey(talk.inverter, talk.unit);
    const header = profileOf(talk.inverter)?.readHeader;
    next.set(key, seenAfter(next.get(key) ?? new Map(), talk, header));
  }
  seen.value = next;
}

/** Hex as everything here reads it, whatever stands between the bytes. */
const bare = (hex: string): string => hex.replaceAll(' ', '');

function plain(talk: WireTalk): WireTalk {
  switch (talk.kind) {
    case 'frame':
      return { ...talk, hex: bare(talk.hex) };
    case 'modbus':
    case 'telegram':
      return { ...talk, request: bare(talk.request), reply: talk.reply === null ? null : bare(talk.reply) };
  }
}

function take(told: TalkMessage): void {
  const message = { ...told, items: told.items.map(plain) };
  batch(() => {
    watchedSinceMs.value ??= message.now_ms;
    buses.value = message.buses;
    book.value = read(book.value, message, partOf);
    noteReads(message.items);
    if (!isRecording.value) return;
    recording.value.take(message);
    recordedCount.value = recording.value.count();
  });
}

const stream = watchedStream('/api/v1/talk', {
  event: 'talk',
  // The stream carries these messages and no others.
  hear: (data) => take(JSON.parse(data) as TalkMessage),
});

export const talkState = stream.state;

/** Watches until the result is called; several may watch. */
export const watchTalk = stream.watch;

/** Inverters whose profile gave way to another one; none of those whose first one became known. */
const exchanged = (before: typeof explained.value): string[] =>
  [...before].flatMap(([id, { profile }]) => (profile && profile !== profileOf(id) ? id : []));

/** What one profile said is no number of the next: it comes again by itself, and is read by the one in force then. */
function profilesChanged(before: typeof explained.value): void {
  const ids = exchanged(before);
  const wires = (site.value?.inverters ?? []).flatMap(({ id, wire }) => (ids.includes(id) ? wire : []));
  const isOver = (talk: WireTalk): boolean =>
    talk.kind === 'frame' ? wires.includes(talk.wire) : ids.includes(talk.inverter);
  book.value = regrouped(book.value, partOf, isOver);
  seen.value = new Map([...seen.value].filter(([key]) => !ids.some((id) => key.startsWith(seenKey(id, '')))));
}

let known = explained.value;
explained.subscribe((now) => {
  const before = known;
  known = now;
  if (before !== now) batch(() => profilesChanged(before));
});

export function forget(): void {
  batch(() => {
    book.value = emptyBook;
    seen.value = new Map();
    watchedSinceMs.value = undefined;
  });
}

export function record(isOn: boolean): void {
  if (isOn) {
    recording.value = newRecording();
    recordedCount.value = 0;
  }
  isRecording.value = isOn;
}
