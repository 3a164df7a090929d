// The order in which `npm test` takes its files, when it does not remember how long each took: most of the house is waiting for
// ages to pass, and some of it computes. Both are begun with their longest, and woven, so that a processor is neither idle nor
// wanted by all.
import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Seconds of the longest files on two idle cores; rough is good enough. */
const waiting: Readonly<Record<string, number>> = {
  'house/home': 68,
  'browser/house': 55,
  'ble/soak-abandonware': 62,
  'ble/soak-stoprocent': 62,
  'ble/commands': 52,
  'house/history': 43,
  'mqtt/trouble': 40,
  'house/events': 39,
  'ble/abandonware': 35,
  'setup/first-start': 35,
  'house/hidden': 27,
  'ble/wired': 25,
  'ble/stoprocent': 22,
  'house/restart': 22,
  'ble/adapters': 21,
  'house/missing': 21,
  'house/metrics': 19,
  'house/control': 19,
  'house/wires': 19,
  'house/blackbox': 17,
  'house/profile-swap': 15,
  'house/lean': 12,
  'house/radio': 11,
  'web/metrics-server': 11,
  'house/ways': 10,
  'ops/reader': 10,
  'house/alerts': 9,
  'ops/child': 9,
};
const computing: Readonly<Record<string, number>> = {
  'bms/families': 55,
  'browser/demo': 50,
  'history/kill': 54,
  'commands/emulate': 27,
  'browser/first-start': 25,
  'inverters/promise': 21,
  'bank/histories': 20,
  'bank/scenario': 19,
  'inverters/polled-promise': 16,
  'modbus/conformance-wire': 15,
  'browser/large': 14,
  'commands/serial-codecs': 14,
  'bank/conservation': 12,
  'commands/demo': 11,
  'commands/replay': 11,
  'commands/replay-box': 11,
  'modbus/profiles-on-wires': 11,
  'profile/safety': 10,
  'profile/shelf': 10,
  'blackbox/replay': 9,
  'modbus/bad-input': 9,
  'profile/dbc-commands': 9,
  'bank/invariants': 8,
};
const USUAL_S = 1;

const nameOf = ({ moduleId }: TestSpecification): string =>
  relative(import.meta.dirname, moduleId).replace('.test.ts', '');

/** Each with the part of the whole row's time that goes by before it, the longest first. */
function inTurn(files: readonly TestSpecification[], seconds: Readonly<Record<string, number>>) {
  const secondsOf = (file: TestSpecification) => seconds[nameOf(file)] ?? USUAL_S;
  const totalS = files.reduce((sum, file) => sum + secondsOf(file), 0);
  let goneS = 0;
  return files
    .toSorted((a, b) => secondsOf(b) - secondsOf(a))
    .map((file) => {
      const turn = { file, at: goneS / totalS };
      goneS += secondsOf(file);
      return turn;
    });
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const waits = (file: TestSpecification) => nameOf(file) in waiting;
    const rows = [
      ...inTurn(files.filter(waits), waiting),
      ...inTurn(
        files.filter((file) => !waits(file)),
        computing,
      ),
    ];
    return rows.toSorted((a, b) => a.at - b.at).map(({ file }) => file);
  }
}
