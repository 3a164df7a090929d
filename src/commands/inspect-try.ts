import type { BleLink, GattCharacteristic } from '../ble/port.ts';
import { pause } from '../ble/timers.ts';
import type { BmsDriver } from '../bms/driver.ts';
import { drivers } from '../bms/drivers.ts';
import { type FirstWord, firstWordsOf } from '../bms/first-words.ts';
import { transcribe } from '../bms/transcript.ts';
import { whyUntouched } from '../bms/untouched.ts';
import { toHex } from '../bytes/hex.ts';
import { GatewayError, sentence } from '../model/errors.ts';
import { realTimers } from '../timers.ts';
import type { Heard } from './inspect-listen.ts';
import { print } from './radio.ts';

/** A sleeping board only wakes at the first packet, so each question is put twice (BLE reference 1.8). */
const ATTEMPTS_MS = [700, 1400] as const;

interface Trial {
  readonly driver: BmsDriver;
  readonly request: FirstWord;
  readonly to: GattCharacteristic;
}

const canWrite = ({ properties }: GattCharacteristic): boolean =>
  properties.includes('write') || properties.includes('writeWithoutResponse');

const isOwn = ({ driver, to }: Trial): boolean =>
  driver.gatt.some(({ service, write }) => service === to.service && write === to.uuid);

/** Every driver's first read to every characteristic that may be written, the likely ones first. */
export function trialsOn(found: readonly GattCharacteristic[]): Trial[] {
  const targets = found.filter((c) => canWrite(c) && !whyUntouched(c));
  const all = targets.flatMap((to) =>
    drivers.flatMap((driver) => firstWordsOf(driver).map((request) => ({ driver, request, to }))),
  );
  return all.sort((a, b) => Number(isOwn(b)) - Number(isOwn(a)));
}

const question = ({ driver, request, to }: Trial): string =>
  `${to.uuid}  ${toHex(request.bytes)}  (${driver.id}, ${request.name})`;

/** Says what will be written before anything is. */
function announce(trials: readonly Trial[], found: readonly GattCharacteristic[]): void {
  print('will write these reads, which change nothing in a battery, until one is answered:');
  for (const trial of trials) print(`  ${question(trial)}`);
  for (const c of found.filter(canWrite)) {
    const why = whyUntouched(c);
    if (why) print(`  ${c.uuid}  left alone: ${why}`);
  }
}

/** True when these notifications hold an intact answer to the question. */
function isAnswer({ driver, request }: Trial, said: readonly Uint8Array[]): boolean {
  const told = said.map((bytes) => ({ from: 'battery', bytes }) as const);
  const { said: answers } = transcribe(driver, [{ from: 'us', bytes: request.bytes }, ...told]);
  return answers.some(({ answer }) => answer.kind !== 'rejected');
}

/** Puts one question; the characteristic that answered it. */
async function put(
  link: BleLink,
  heard: Heard,
  trial: Trial,
  signal: AbortSignal,
): Promise<GattCharacteristic | undefined> {
  const answered = new AbortController();
  const said = new Map<GattCharacteristic, Uint8Array[]>();
  let answer: GattCharacteristic | undefined;
  heard.onNotification = (from, bytes) => {
    const own = said.get(from) ?? [];
    said.set(from, [...own, Uint8Array.from(bytes)]);
    if (!isAnswer(trial, said.get(from) ?? [])) return;
    answer ??= from;
    answered.abort();
  };
  for (const limitMs of ATTEMPTS_MS) {
    if (signal.aborted || answer) break;
    await link.write(trial.to, trial.request.bytes);
    await pause(realTimers, limitMs, AbortSignal.any([signal, answered.signal]));
  }
  return answer;
}

function printLines({ driver, to }: Trial, notify: GattCharacteristic): void {
  print('for this battery in gateway.yaml:');
  const lines = {
    bms: driver.id,
    service: `"${notify.service}"`,
    notify: `"${notify.uuid}"`,
    write: `"${to.uuid}"`,
  };
  for (const [name, value] of Object.entries(lines)) print(`    ${name}: ${value}`);
}

/** Asks in every language we know until one is understood, and says how to write that down. */
export async function tryAll(
  link: BleLink,
  found: readonly GattCharacteristic[],
  heard: Heard,
  signal: AbortSignal,
): Promise<void> {
  const trials = trialsOn(found);
  announce(trials, found);
  for (const trial of trials) {
    signal.throwIfAborted();
    try {
      const notify = await put(link, heard, trial, signal);
      print(`${question(trial)}: ${notify ? `answered by ${notify.uuid}` : 'no answer'}`);
      if (notify) return printLines(trial, notify);
    } catch (error) {
      print(`${question(trial)}: ${sentence(error)}`);
    }
  }
  const message =
    'no question was answered by a whole frame; record what the app of its maker says in a snoop log and send it to us (docs/captures.md)';
  throw new GatewayError('REFUSED', { message });
}
