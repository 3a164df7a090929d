import type { CaptureEntry } from '../../bytes/capture.ts';
import type { BmsDriver, Gatt } from '../driver.ts';
import { framingsOf } from '../first-words.ts';
import { transcribe } from '../transcript.ts';
import { NOTIFY_SWITCH, serviceOf } from './gatt-map.ts';
import type { HeardValue, Hole, OverheardUnit } from './overhear.ts';

/** What one unit was asked and said, in the words of one family; without a family the raw bytes. */
export interface Conversation {
  readonly unit: OverheardUnit;
  readonly driver?: BmsDriver;
  readonly entries: readonly CaptureEntry[];
  /** UUIDs, as far as the log tells them. */
  readonly channel: Partial<Gatt>;
  /** Complete answers among the first entries. */
  readonly answers: number;
}

/** So many writes and notifications tell a family. */
const PROBE_ENTRIES = 2000;

/** Switching notifications on is no talk; where the type is not known, its two bytes tell. */
function isSwitch({ gatt }: OverheardUnit, { from, handle, bytes }: HeardValue): boolean {
  const uuid = gatt.uuids.get(handle);
  if (uuid !== undefined) return uuid === NOTIFY_SWITCH;
  return from === 'us' && bytes.length === 2 && (bytes[0] ?? 0) <= 3 && bytes[1] === 0;
}

const isTalk = (unit: OverheardUnit) => (event: HeardValue | Hole) =>
  event.from === 'nobody' || (!isSwitch(unit, event) && event.bytes.length > 0);

const handlesOf = (unit: OverheardUnit, from: HeardValue['from']): number[] => [
  ...new Set(
    unit.events.flatMap((e) =>
      e.from !== 'nobody' && e.from === from && !isSwitch(unit, e) ? [e.handle] : [],
    ),
  ),
];

/** Without a driver to tell, the end of a frame does not come so long after the piece before it. */
const QUIET_S = 0.2;

/**
 * Behind a hole nothing is believed until a notification begins a frame: the pieces before it have lost their start, and of a
 * frame without its start nobody could say which bytes are a pass code.
 */
function entriesOf(
  driver: BmsDriver | undefined,
  unit: OverheardUnit,
  handles: readonly number[],
): CaptureEntry[] {
  const begins = ({ seconds, bytes }: HeardValue): boolean =>
    driver
      ? framingsOf(driver).some(({ measure }) => measure(bytes) !== 'not-a-frame')
      : seconds - heardSeconds > QUIET_S;
  const entries: CaptureEntry[] = [];
  let isLost = false;
  let heardSeconds = 0;
  for (const event of unit.events.filter(isTalk(unit))) {
    isLost ||= event.from === 'nobody';
    if (event.from === 'nobody') heardSeconds = event.seconds;
    else if (handles.includes(event.handle)) {
      const { seconds, from, bytes } = event;
      if (from === 'battery') {
        isLost &&= !begins(event);
        heardSeconds = seconds;
      }
      if (from === 'us' || !isLost) entries.push({ seconds, unit: unit.name, from, bytes });
    }
  }
  return entries;
}

/** The characteristics that the driver writes to, where the log tells which they are; else whatever was written to. */
function writeHandles(driver: BmsDriver, unit: OverheardUnit): number[] {
  const written = handlesOf(unit, 'us');
  const own = written.filter((h) => driver.gatt.some(({ write }) => write === unit.gatt.uuids.get(h)));
  return own.length > 0 ? own : written;
}

function conversationBy(driver: BmsDriver, unit: OverheardUnit, notify: number): Conversation {
  const writes = writeHandles(driver, unit);
  const entries = entriesOf(driver, unit, [notify, ...writes]);
  const { said } = transcribe(driver, entries.slice(0, PROBE_ENTRIES));
  const uuid = (handle: number | undefined) => handle !== undefined && unit.gatt.uuids.get(handle);
  const [service, from, to] = [serviceOf(unit.gatt, notify), uuid(notify), uuid(writes[0])];
  return {
    unit,
    driver,
    entries,
    answers: said.filter(({ answer }) => answer.kind === 'part').length,
    channel: { ...(service && { service }), ...(from && { notify: from }), ...(to && { write: to }) },
  };
}

const isKnownTo = ({ driver, channel }: Conversation): boolean =>
  driver?.gatt.some(({ notify }) => notify === channel.notify) ?? false;

/** The family whose frames decode; of several the one with the most answers, then the one that knows the characteristics. */
export function recognise(unit: OverheardUnit, drivers: readonly BmsDriver[]): Conversation | undefined {
  const best = drivers
    .flatMap((driver) => handlesOf(unit, 'battery').map((notify) => conversationBy(driver, unit, notify)))
    .sort((a, b) => b.answers - a.answers || Number(isKnownTo(b)) - Number(isKnownTo(a)))[0];
  return best?.answers ? best : undefined;
}

/** Everything that was written and told, for a unit that no family fits. */
export function unrecognised(unit: OverheardUnit): Conversation {
  const handles = [...handlesOf(unit, 'us'), ...handlesOf(unit, 'battery')];
  return { unit, entries: entriesOf(undefined, unit, handles), channel: {}, answers: 0 };
}

/** The entries of several units in one order of time that begins at zero. */
export function inTime(conversations: readonly Conversation[]): CaptureEntry[] {
  const all = conversations.flatMap(({ entries }) => entries);
  const sorted = all.sort((a, b) => (a.seconds ?? 0) - (b.seconds ?? 0));
  const began = sorted[0]?.seconds ?? 0;
  return sorted.map((entry) => ({ ...entry, seconds: (entry.seconds ?? 0) - began }));
}
