import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { sameAddress } from '../ble/port.ts';
import type { BmsDriver } from '../bms/driver.ts';
import { maskedLines, masker } from '../bms/masked.ts';
import { type Conversation, inTime, recognise, unrecognised } from '../bms/overheard/conversation.ts';
import { type OverheardUnit, overhear } from '../bms/overheard/overhear.ts';
import { type Said, transcribe } from '../bms/transcript.ts';
import { readBtsnoop, type Snoop } from '../bytes/btsnoop.ts';
import { captureComment, captureHead } from '../bytes/capture.ts';
import { GatewayError, sentence } from '../model/errors.ts';

export interface SnoopOptions {
  readonly file: string;
  /** The families that it may be. */
  readonly drivers: readonly BmsDriver[];
  readonly address?: string | undefined;
  /** A file to write instead of decoding. */
  readonly capture?: string | undefined;
}

const refuse = (message: string): never => {
  throw new GatewayError('REFUSED', { message });
};

const note = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

function readSnoop(file: string): Snoop {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    return refuse(`${file} cannot be read (${sentence(error)}); name a snoop log`);
  }
  const snoop = readBtsnoop(bytes);
  return 'message' in snoop ? refuse(`${file} ${snoop.message}`) : snoop;
}

const LISTED = 10;
const listed = (all: readonly unknown[]): string =>
  all.slice(0, LISTED).join(', ') + (all.length > LISTED ? ' …' : '');

/** What of the log could not be used, one sentence each. */
function noteLosses(file: string, { problem, packets, cutRecords, lostPackets }: Snoop): void {
  if (problem) note(`${file}: ${problem}; the ${packets.length} packets before it are used`);
  if (cutRecords.length > 0)
    note(
      `${file}: records that hold only the start of their packet are skipped (${cutRecords.length}: ${listed(cutRecords)}); set the phone's snoop log to "Enabled", not to "Filtered"`,
    );
  if (lostPackets > 0) note(`${file}: the phone itself lost ${lostPackets} packets`);
}

function seen({ name, gatt }: OverheardUnit): string {
  const uuids = [...new Set([...gatt.services.map(({ uuid }) => uuid), ...gatt.uuids.values()])];
  return `${name} (${uuids.length > 0 ? uuids.join(' ') : 'the phone asked for no UUIDs'})`;
}

function refuseWithout(file: string, units: readonly OverheardUnit[]): never {
  const saw = units.length > 0 ? units.map(seen).join(', ') : 'no link of Bluetooth LE';
  return refuse(
    `${file} holds no BMS conversation; it saw ${saw}; record it while the app shows the values of the battery, or write the raw bytes of one with --address and --capture`,
  );
}

/** As an installer may want to know it: which family, on which characteristics. */
function about({ unit, driver, channel }: Conversation): string {
  const uuids = Object.entries(channel).map(([name, uuid]) => `${name} ${uuid}`);
  const mtu = unit.gatt.mtu === undefined ? [] : [`MTU ${unit.gatt.mtu}`];
  return `unit ${unit.name} ${[`speaks ${driver?.id ?? 'a language that no driver knows'}`, ...uuids, ...mtu].join(', ')}`;
}

function write(out: string, conversations: readonly Conversation[]): void {
  const ids = [...new Set(conversations.map(({ driver }) => driver?.id))];
  if (ids.length > 1)
    refuse(`a capture is of one family, this log holds ${ids.join(' and ')}; choose with --bms or --address`);
  if (existsSync(out)) refuse(`${out} is there already; choose another name`);
  const [only, ...others] = conversations.map(({ unit }) => unit.name);
  const headers = {
    ...(ids[0] !== undefined && { bms: ids[0] }),
    ...(only !== undefined && others.length === 0 && { address: only }),
  };
  const comments = ['from a snoop log', ...conversations.map(about)].map(captureComment);
  const lines = inTime(conversations).map(maskedLines());
  writeFileSync(out, captureHead(headers) + comments.join('') + lines.join(''), { flag: 'wx' });
}

/** The answers in a snoop log, by family; none when they were written to a capture. */
export function decodeSnoop({ file, drivers, address, capture }: SnoopOptions): readonly Said[] {
  const snoop = readSnoop(file);
  noteLosses(file, snoop);
  const all = overhear(snoop.packets);
  const units = all.filter(
    ({ name }) => address === undefined || name === address || sameAddress(name, address),
  );
  const found = units.flatMap((unit) => recognise(unit, drivers) ?? []);
  const raw =
    address === undefined || !capture ? [] : units.map(unrecognised).filter((c) => c.entries.length);
  const conversations = found.length > 0 ? found : raw;
  if (conversations.length === 0) return refuseWithout(file, all);
  if (capture === undefined) return found.length ? answersOf(found) : [];
  write(capture, conversations);
  for (const conversation of conversations) note(about(conversation));
  if (found.length === 0)
    refuse(`nothing was decoded; ${capture} holds the raw bytes, which you can send us`);
  return [];
}

function answersOf(found: readonly Conversation[]): Said[] {
  const drivers = [...new Set(found.flatMap(({ driver }) => driver ?? []))];
  return drivers.flatMap((driver) => {
    const masked = masker();
    const entries = inTime(found.filter((c) => c.driver === driver)).map((entry) => masked(entry).entry);
    return transcribe(driver, entries).said;
  });
}
