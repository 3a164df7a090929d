// The order in which `npm test` takes its files, when it does not remember how long each took: most of the house is waiting for
// ages to pass, and some of it computes. Both are begun with their longest, and woven, so that a processor is neither idle nor
// wanted by all. The short ones that may share a process come at the end in one row, else none could.
import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Seconds of the longest files, while four run on two cores; rough is good enough. */
const waiting: Readonly<Record<string, number>> = {
  'browser/set-clock': 98,
  'house/home': 86,
  'ble/soak-abandonware': 63,
  'ble/soak-stoprocent': 63,
  'ble/commands': 61,
  'browser/house': 56,
  'setup/first-start': 55,
  'browser/inspector': 54,
  'house/history': 43,
  'mqtt/trouble': 41,
  'house/events': 39,
  'ble/abandonware': 37,
  'house/restart': 30,
  'house/hidden': 27,
  'ble/stoprocent': 26,
  'ble/wired': 26,
  'ble/adapters': 24,
  'house/page-console': 23,
  'house/missing': 21,
  'house/blackbox': 20,
  'house/metrics': 18,
  'house/profile-swap': 17,
  'house/wires': 17,
  'modbus/conformance-wire': 17,
  'house/control': 14,
  'house/lean': 14,
  'house/radio': 12,
  'setup/refusals': 11,
  'web/metrics-server': 11,
  'house/alerts': 10,
  'house/resting': 10,
  'house/ways': 10,
  'ops/child': 9,
  'ops/reader': 8,
  'mqtt/home': 8,
};
const computing: Readonly<Record<string, number>> = {
  'browser/demo': 65,
  'bms/families': 59,
  'history/kill': 45,
  'bank/scenario': 44,
  'modbus/bad-input': 42,
  'commands/emulate': 39,
  'browser/first-start': 38,
  'office/told-on-wires': 32,
  'blackbox/replay': 28,
  'bank/histories': 27,
  'bank/invariants': 26,
  'inverters/modbus-promise': 22,
  'bank/conservation': 20,
  'browser/large': 19,
  'profile/dbc': 18,
  'inverters/polled-promise': 17,
  'inverters/promise': 17,
  'commands/demo': 16,
  'ops/bench': 16,
  'profile/safety': 16,
  'setup/rewritten': 16,
  'profile/dbc-commands': 15,
  'web/kept-logins': 15,
  'commands/history': 14,
  'profile/commands': 14,
  'profile/document': 14,
  'web/mischief': 14,
  'modbus/bad-input-codecs': 13,
  'config/explain-profile': 12,
  'modbus/profiles-on-wires': 12,
  'profile/shelf': 12,
  'wires/promise': 12,
  'commands/replay-box': 11,
  'commands/serial-codecs': 11,
  'profile/numbers': 11,
  'soak/gateway/accelerated': 11,
  'config/try-profile': 10,
  'web/streams': 10,
  'bank/uncounted': 8,
  'page/any-reason': 8,
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

/** Files that have a process each, and those that share one as long as the next in the row does, too. */
export const APART = 'apart';
export const TOGETHER = 'together';

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const waits = (file: TestSpecification) => nameOf(file) in waiting;
    const isLast = (file: TestSpecification) =>
      file.project.name === TOGETHER && !waits(file) && !(nameOf(file) in computing);
    const first = files.filter((file) => !isLast(file));
    const rows = [
      ...inTurn(first.filter(waits), waiting),
      ...inTurn(
        first.filter((file) => !waits(file)),
        computing,
      ),
    ];
    return [...rows.toSorted((a, b) => a.at - b.at).map(({ file }) => file), ...files.filter(isLast)];
  }
}
