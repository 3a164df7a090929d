import fc from 'fast-check';
import { alarmNames } from '../../src/model/alarms.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import { type CompiledProfile, compileProfile } from '../../src/profile/compile.ts';
import { isIncomplete } from '../../src/profile/encode.ts';
import type { Settings } from '../../src/profile/options.ts';
import { readRegisters } from '../../src/profile/registers.ts';
import type { Option, Profile } from '../../src/profile/schema.ts';
import { writtenState } from '../../src/profile/state-file.ts';
import { profileText, taken } from './profiles.ts';
import type { Told } from './safety-readers.ts';

/** All that a bank can know, of a size that fits the inverter: nothing is left to a substitute. */
export function fullBank(highVoltage: boolean): SignalValues {
  const factor = highVoltage ? 8 : 1;
  return {
    freshness: 'fresh',
    dataAgeS: 1,
    heartbeat: 7,
    socPct: 50.5,
    sohPct: 97,
    voltageV: 52.5 * factor,
    currentA: 12.5,
    powerW: 12.5 * 52.5 * factor,
    temperatureC: 21,
    chargeVoltageLimitV: 56 * factor,
    dischargeVoltageLimitV: 46 * factor,
    chargeCurrentLimitA: 80,
    dischargeCurrentLimitA: 90,
    chargeEnable: true,
    dischargeEnable: true,
    online: true,
    alarms: [],
    warnings: [],
    status: 'charge',
    cellVoltagesV: [3.28, 3.29, 3.3, 3.31],
    temperaturesC: [20, 22],
    minCellVoltageV: 3.28,
    maxCellVoltageV: 3.31,
    meanCellVoltageV: 3.295,
    minCellTemperatureC: 20,
    maxCellTemperatureC: 22,
    minModuleVoltageV: 51,
    maxModuleVoltageV: 53,
    minModuleTemperatureC: 20,
    maxModuleTemperatureC: 22,
    minVoltageCellId: 'P1C01',
    maxVoltageCellId: 'P1C04',
    minTemperatureCellId: 'P1T1',
    maxTemperatureCellId: 'P1T2',
    capacityAh: 280,
    remainingCapacityAh: 141,
    capacityKWh: 14.3 * factor,
    energyChargedKWh: 120,
    energyDischargedKWh: 110,
    cycles: 40,
    nominalVoltageV: 51.2 * factor,
    cellsInSeries: 16 * factor,
    modulesInSeries: factor,
    cellsPerModule: 16,
    modulesOnline: 2,
    modulesOffline: 0,
    modulesBlockingCharge: 0,
    modulesBlockingDischarge: 0,
    packsOnline: 2,
    packsConfigured: 2,
    packsStale: 0,
    inverterMode: 2,
  };
}

const hundredths = (from: number, to: number) =>
  fc.integer({ min: Math.round(from * 1000), max: Math.round(to * 1000) }).map((n) => n / 1000);
const names = fc.subarray([...alarmNames]);

/** Banks of every kind that a house may have, and limits beyond anything that it may have. */
export const anyBank = (highVoltage: boolean): fc.Arbitrary<SignalValues> => {
  const factor = highVoltage ? 8 : 1;
  return fc
    .record({
      socPct: fc.oneof(hundredths(0, 99.99), fc.constantFrom(0, 0.4, 99.5, 99.99, 100)),
      voltageV: hundredths(40 * factor, 60 * factor),
      currentA: fc.oneof(hundredths(-400, 400), fc.constantFrom(0, -0.04, 0.05)),
      temperatureC: hundredths(-40, 90),
      chargeVoltageLimitV: hundredths(48 * factor, 60 * factor),
      dischargeVoltageLimitV: hundredths(41 * factor, 48 * factor),
      chargeCurrentLimitA: fc.oneof(hundredths(0, 400), fc.constantFrom(-3, 0, 0.04, 0.1, 1e4, 1e6)),
      dischargeCurrentLimitA: fc.oneof(hundredths(0, 400), fc.constantFrom(-3, 0, 0.04, 0.1, 1e4, 1e6)),
      chargeEnable: fc.boolean(),
      dischargeEnable: fc.boolean(),
      forceCharge1: fc.boolean(),
      forceCharge2: fc.boolean(),
      fullChargeRequest: fc.boolean(),
      balanceRequest: fc.boolean(),
      balancing: fc.boolean(),
      alarms: names,
      warnings: names,
      cycles: fc.nat(80_000),
      capacityAh: hundredths(1, 5000),
      heartbeat: fc.nat(200_000),
    })
    .map((known) => {
      const powerW = known.currentA * known.voltageV;
      const { chargeEnable, dischargeEnable, chargeCurrentLimitA, dischargeCurrentLimitA, ...rest } = known;
      return {
        ...fullBank(highVoltage),
        ...rest,
        powerW,
        status: known.currentA > 0 ? 'charge' : 'discharge',
        chargeCurrentLimitA,
        dischargeCurrentLimitA,
        // An enable flag goes with its limit (design, section 8).
        chargeEnable: chargeEnable && chargeCurrentLimitA > 0,
        dischargeEnable: dischargeEnable && dischargeCurrentLimitA > 0,
      };
    });
};

const parsed = new Map<string, Profile>();
export function profileOf(id: string): Profile {
  const profile = parsed.get(id) ?? taken(profileText(id));
  parsed.set(id, profile);
  return profile;
}

const compiled = new Map<string, CompiledProfile>();
export function compiledOf(id: string, settings: Settings): CompiledProfile {
  const key = `${id} ${JSON.stringify(settings)}`;
  const made = compiled.get(key) ?? compileProfile(profileOf(id), settings);
  compiled.set(key, made);
  return made;
}

/** The settings of an option that are not its default; a text that is too long, one of other letters, and an empty one. */
function others(option: Option): readonly (string | number | boolean)[] {
  switch (option.kind) {
    case 'choice':
      return option.values.filter((value) => value !== option.default);
    case 'flag':
      return [!option.default];
    case 'number':
      return [option.min, option.max];
    case 'text':
      return ['Größe ☀ und noch viel länger als jedes Feld dieser Welt', 'Q', ''];
  }
}

/** The defaults, then each option by itself set otherwise. */
export const choicesOf = (id: string): Settings[] => [
  {},
  ...Object.entries(profileOf(id).options).flatMap(([name, option]) =>
    others(option).map((value) => ({ [name]: value })),
  ),
];

/** What goes out for a state that was written down: a stale one is at the end of its ramp. */
export const say = (id: string, settings: Settings, given: SignalValues) =>
  sayNow(id, settings, writtenState(given));

/** What goes out at this moment; the names that are lacking where nothing may be said. */
export function sayNow(id: string, settings: Settings, signals: SignalValues): Told | readonly string[] {
  const { can, modbus, serial } = compiledOf(id, settings);
  if (can) {
    const frames = can.frames(signals);
    return isIncomplete(frames) ? frames.missing : (place) => frames.find((f) => f.id === place)?.data;
  }
  if (serial) {
    const answers = serial.say(signals);
    return isIncomplete(answers) ? answers.missing : (ask) => answers.find((a) => a.ask === ask)?.content;
  }
  const image = modbus?.image(signals) ?? { missing: [] };
  if (isIncomplete(image)) return image.missing;
  return (place) => {
    const [word] = readRegisters(image, place, 1, signals.dataAgeS) ?? [];
    return word === undefined ? undefined : Uint8Array.of(word >> 8, word & 255);
  };
}

/** What is said; a state in which nothing may be said fails the test. */
export function heardIn(said: Told | readonly string[]): Told {
  if (typeof said !== 'function') throw new Error(`nothing is said; it lacks ${said.join(', ')}`);
  return said;
}

/** All bytes that go out, as one text to compare. */
export function everything(id: string, settings: Settings, given: SignalValues): string {
  const { can, modbus, serial } = compiledOf(id, settings);
  const signals = writtenState(given);
  const phases = can?.talk.phases ?? serial?.phases ?? [undefined];
  if (modbus) {
    const image = modbus.image(signals);
    return isIncomplete(image)
      ? image.missing.join()
      : image.windows.map(({ words }) => words.join()).join(';');
  }
  return phases
    .map((phase) => can?.say(signals, () => true, phase) ?? serial?.say(signals, phase) ?? [])
    .map((said) =>
      isIncomplete(said)
        ? said.missing.join()
        : said
            .map((one) => ('id' in one ? `${one.id}:${one.data.join()}` : `${one.ask}:${one.content.join()}`))
            .join(';'),
    )
    .join('|');
}
