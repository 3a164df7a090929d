import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alarmNames } from '../../src/model/alarms.ts';
import { keyOf, type SignalName, type SignalValues } from '../../src/model/signals.ts';
import { numberWriter, readNumber } from '../../src/profile/number.ts';
import type { Settings } from '../../src/profile/options.ts';
import { profileText, shippedIds } from './profiles.ts';
import {
  anyBank,
  choicesOf,
  compiledOf,
  everything,
  fullBank,
  heardIn,
  profileOf,
  say,
  sayNow,
} from './safety-banks.ts';
import { type Read, readers } from './safety-readers.ts';

const highVoltage = ['byd-hv', 'byd-modbus', 'growatt-hv', 'kostal-byd', 'pylontech-hv', 'solax-hv'];
/** The Sunny Island rejects what lies beyond (CAN reference, section 5). */
const clampsVoltages = ['sma', 'goodwe-lv'];
/** Its inverter ignores a 0 (CAN reference, section 11). */
const zeroA = (id: string): number => (id === 'sofar-lv' ? 0.1 : 0);
/** Told whatever the SoC is: a Fronius wants 1 % at least, Deye and Solis are made to stop by it. */
const bendsSoc = (id: string, settings: Settings): boolean =>
  id === 'byd-modbus' || settings.force_soc === 'at_zero_limit';
const NEAR = 1e-6;

const bankOf = (id: string): SignalValues => fullBank(highVoltage.includes(id));
const banksOf = (id: string) => anyBank(highVoltage.includes(id));

function readerOf(id: string) {
  const reader = readers[id];
  if (!reader) throw new Error(`give ${id} a reader in safety-readers.ts`);
  return reader;
}
const read = (id: string, settings: Settings, given: SignalValues): Read =>
  readerOf(id).read(heardIn(say(id, settings, given)), settings);

const limitOf = (limitA: number | undefined, enabled: boolean | undefined): number =>
  enabled === false ? 0 : Math.max(0, limitA ?? 0);

function holdsCurrents(id: string, reads: Read, bank: SignalValues): void {
  const chargeA = limitOf(bank.chargeCurrentLimitA, bank.chargeEnable);
  const dischargeA = limitOf(bank.dischargeCurrentLimitA, bank.dischargeEnable);
  for (const a of reads.cclA ?? []) expect(a).toBeLessThanOrEqual(Math.max(chargeA, zeroA(id)) + NEAR);
  for (const a of reads.dclA ?? []) expect(a).toBeLessThanOrEqual(Math.max(dischargeA, zeroA(id)) + NEAR);
  const voltageV = bank.voltageV ?? 0;
  expect(reads.cclW ?? 0).toBeLessThanOrEqual(chargeA * voltageV + NEAR);
  expect(reads.dclW ?? 0).toBeLessThanOrEqual(dischargeA * voltageV + NEAR);
  if (chargeA === 0) for (const a of reads.cclA ?? []) expect(a).toBe(zeroA(id));
  if (dischargeA === 0) for (const a of reads.dclA ?? []) expect(a).toBe(zeroA(id));
}

function holdsVoltages(id: string, reads: Read, bank: SignalValues): void {
  const [highV, lowV] = [bank.chargeVoltageLimitV ?? 0, bank.dischargeVoltageLimitV ?? 0];
  for (const v of reads.cvlV) expect(v).toBeLessThanOrEqual(highV + NEAR);
  for (const v of reads.cvlV) expect(v).toBeGreaterThan(0);
  const clampedV = clampsVoltages.includes(id) ? Math.min(48, lowV) : lowV;
  for (const v of reads.dvlV) expect(v).toBeGreaterThanOrEqual(clampedV - NEAR);
}

function holdsSoc(reads: Read, bank: SignalValues): void {
  for (const soc of reads.soc) {
    expect(Math.abs(soc - (bank.socPct ?? 0))).toBeLessThan(1);
    expect(soc === 100).toBe(bank.socPct === 100);
  }
}

const stale = (bank: SignalValues, freshness: 'stale' | 'lost'): SignalValues => ({ ...bank, freshness });

describe.each(shippedIds)('%s', (id) => {
  const choices = choicesOf(id);
  const runs = { numRuns: Math.max(20, Math.ceil(300 / choices.length)) };
  const each = (check: (settings: Settings, bank: SignalValues) => void) => {
    for (const settings of choices)
      fc.assert(
        fc.property(banksOf(id), (bank) => check(settings, bank)),
        runs,
      );
  };

  test('never tells more than the bank allows, whatever its state and its options', () => {
    each((settings, bank) => {
      const reads = read(id, settings, bank);
      holdsCurrents(id, reads, bank);
      holdsVoltages(id, reads, bank);
      if (!bendsSoc(id, settings)) holdsSoc(reads, bank);
    });
  });

  test('tells the limits to the count: the reader above looks at the right places', () => {
    const { counts } = readerOf(id);
    const reads = read(id, {}, bankOf(id));
    expect(reads.cclA?.length ?? 1).toBeGreaterThan(0);
    for (const a of reads.cclA ?? []) expect(80 - a).toBeLessThan(counts.a + NEAR);
    for (const a of reads.dclA ?? []) expect(90 - a).toBeLessThan(counts.a + NEAR);
    for (const v of reads.cvlV)
      expect((bankOf(id).chargeVoltageLimitV ?? 0) - v).toBeLessThan(counts.v + NEAR);
    for (const v of reads.dvlV)
      expect(v - (bankOf(id).dischargeVoltageLimitV ?? 0)).toBeLessThan(counts.v + NEAR);
  });

  test('a direction that is switched off is off wherever it shows', () => {
    each((settings, bank) => {
      const reads = read(id, settings, bank);
      const shows = (may: boolean | undefined, enabled: boolean | undefined) =>
        may === undefined || may === (enabled ?? false);
      expect(shows(reads.mayCharge, bank.chargeEnable)).toBe(true);
      expect(shows(reads.mayDischarge, bank.dischargeEnable)).toBe(true);
    });
  });

  test.each(['stale', 'lost'] as const)(
    'at the end of the ramp a %s bank asks for nothing and allows nothing',
    (rung) => {
      each((settings, bank) => {
        const reads = read(id, settings, stale(bank, rung));
        for (const a of [...(reads.cclA ?? []), ...(reads.dclA ?? [])]) expect(a).toBe(zeroA(id));
        expect([reads.cclW ?? 0, reads.dclW ?? 0]).toEqual([0, 0]);
        expect([reads.mayCharge ?? false, reads.mayDischarge ?? false, reads.asks]).toEqual([
          false,
          false,
          false,
        ]);
        expect([...(reads.old ?? []), reads.still ?? true, reads.off ?? true]).not.toContain(false);
        holdsVoltages(id, reads, bank);
        if (!bendsSoc(id, settings)) holdsSoc(reads, bank);
      });
    },
  );

  test('the moment it is stale a bank shows it and asks for nothing, while its limits are on the ramp', () => {
    each((settings, bank) => {
      const onRamp = { ...bank, freshness: 'stale', chargeEnable: true, chargeCurrentLimitA: 20 } as const;
      const reads = readerOf(id).read(heardIn(sayNow(id, settings, onRamp)), settings);
      expect([...(reads.old ?? []), reads.still ?? true]).not.toContain(false);
      expect([reads.asks, reads.mayCharge ?? true]).toEqual([false, true]);
      holdsCurrents(id, reads, onRamp);
      if (bank.alarms?.length === 0 && bank.socPct !== 100)
        for (const a of reads.cclA ?? []) expect(a).toBeCloseTo(20, 1);
    });
  });

  test('a fresh and a late bank without an alarm show no sign of old data', () => {
    each((settings, bank) => {
      const limits = { chargeEnable: true, chargeCurrentLimitA: 5, alarms: [], warnings: [] };
      for (const freshness of ['fresh', 'late'] as const)
        expect(read(id, settings, { ...bank, ...limits, freshness }).old ?? []).not.toContain(true);
    });
  });
});

/** What has no place on the wire, with the words of its file that say so. */
const early = ['general', 'contactor', 'cell_imbalance', 'internal'];
const noPlace: Readonly<
  Record<string, readonly [alarms: readonly string[], warnings: readonly string[], words: string]>
> = {
  'byd-hv': [alarmNames, alarmNames, 'no alarm or warning has a place in this protocol'],
  'byd-modbus': [
    alarmNames.filter((name) => !['general', 'internal', 'contactor', 'short_circuit'].includes(name)),
    alarmNames,
    'the map has no place for them, nor for warnings',
  ],
  'epever-rs485': [[], early, 'imbalance, contactor, internal and general have no place in this map'],
  'growatt-rs485': [[], early, 'imbalance, contactor, internal and general have no place in this map'],
  'kostal-byd': [alarmNames, alarmNames, 'The protocol has no alarms'],
  'pace-modbus': [[], early, 'imbalance, contactor, internal and general have no place in this map'],
  'pylontech-hv': [
    [],
    ['general', 'contactor', 'internal'],
    'warnings of general, internal and contactor have no place',
  ],
  'solax-hv': [alarmNames, alarmNames, 'No alarm has a place in this protocol'],
  'voltronic-rs485': [
    [],
    [...early, 'high_discharge_current', 'short_circuit'],
    'discharge over-current, short circuit, imbalance, contactor, internal and general have no place',
  ],
};

describe('each alarm and each warning shows on the wire, or the profile says that it has no place', () => {
  test.each(shippedIds)('%s', (id) => {
    const quiet = everything(id, {}, bankOf(id));
    const unseen = (kind: 'alarms' | 'warnings') =>
      alarmNames.filter((name) => everything(id, {}, { ...bankOf(id), [kind]: [name] }) === quiet);
    const [alarms, warnings, words] = noPlace[id] ?? [[], [], ''];
    expect([unseen('alarms').toSorted(), unseen('warnings').toSorted()]).toEqual([
      alarms.toSorted(),
      warnings.toSorted(),
    ]);
    expect(profileText(id)).toContain(words);
  });
});

/** These have a place of its own for it, or one for any alarm. */
const namesLowSoc = [
  'epever-rs485',
  'generic-modbus',
  'growatt-hv',
  'growatt-lv',
  'growatt-rs485',
  'sunspec-802',
];

test.each(shippedIds.filter((id) => !namesLowSoc.includes(id)))(
  '%s never calls a low state of charge an under-voltage that has tripped: it might stop the charging that cures it',
  (id) => {
    const telling = (kind: 'alarms' | 'warnings') =>
      everything(id, {}, { ...bankOf(id), [kind]: ['low_soc'] });
    expect(telling('alarms')).toBe(telling('warnings'));
  },
);

/** Told as 0 where it is unknown (RS485 reference, section 5), and what has no place because powers are told. */
const goesWithout: Readonly<Record<string, readonly string[]>> = {
  'generic-modbus': ['charge_voltage_limit_V', 'charge_current_limit_A', 'discharge_current_limit_A'],
  'byd-modbus': ['current_A'],
};

test.each(shippedIds)('%s says nothing while an inverter would lack what it cannot do without', (id) => {
  const needed = [
    'soc_pct',
    'voltage_V',
    'current_A',
    'charge_voltage_limit_V',
    'charge_current_limit_A',
    'discharge_current_limit_A',
  ] as const satisfies readonly SignalName[];
  for (const settings of choicesOf(id))
    for (const name of needed.filter((n) => !goesWithout[id]?.includes(n))) {
      const rest = Object.fromEntries(Object.entries(bankOf(id)).filter(([key]) => key !== keyOf(name)));
      expect([settings, name, typeof say(id, settings, rest)]).toEqual([settings, name, 'object']);
    }
});

test.each(shippedIds.filter((id) => id !== 'generic-modbus'))('%s never says a CVL of 0', (id) => {
  for (const settings of choicesOf(id).filter(() => !clampsVoltages.includes(id)))
    expect(say(id, settings, { ...bankOf(id), chargeVoltageLimitV: 0 })).toEqual(['charge_voltage_limit_V']);
});

describe('no value, however large or small, becomes the code that means "not available"', () => {
  const edges = [
    0, 1, -1, 6553.5, 655.35, 65.535, 65_535, -32_768, -3276.8, -327.68, -32.768, 32_767.5, 1e9, -1e9, 1e300,
  ];

  test.each(shippedIds)('%s', (id) => {
    for (const settings of choicesOf(id)) {
      const { can, modbus, serial } = compiledOf(id, settings);
      const slots = (can ?? modbus ?? serial)?.layouts.flatMap(({ slots }) => slots) ?? [];
      for (const slot of slots)
        if (slot.kind === 'number' && slot.required)
          for (const value of edges) {
            const bytes = new Uint8Array(slot.at + 8);
            numberWriter({ ...slot, never: undefined, instead: undefined })(bytes, {
              [keyOf(slot.from)]: value,
            });
            expect([settings, slot.name, value, readNumber(slot, bytes)]).not.toContain(undefined);
          }
    }
  });
});

/** How a line is spoken, which shows in no content; and a firmware of 0 where it is 0 already. */
const manners = ['rtn_echo', 'on_bad_checksum', 'read_header'];

describe('each option changes what is told', () => {
  test.each(shippedIds)('%s', (id) => {
    const withoutSensor = Object.entries(bankOf(id)).filter(([key]) => !/emperature/.test(key));
    const states: readonly SignalValues[] = [
      bankOf(id),
      { ...bankOf(id), freshness: 'stale' },
      { ...bankOf(id), chargeEnable: false },
      { ...bankOf(id), alarms: alarmNames, warnings: alarmNames },
      { ...bankOf(id), chargeVoltageLimitV: 470 },
      Object.fromEntries(withoutSensor),
    ];
    // Some belong to frames or texts that another option brings.
    const around: readonly Settings[] = [{}, { frame_set: 'both' }, { name_frames: true }].filter((s) =>
      Object.keys(s).every((name) => name in profileOf(id).options),
    );
    const changes = (settings: Settings): boolean =>
      around.some((a) =>
        states.some((s) => everything(id, { ...a, ...settings }, s) !== everything(id, a, s)),
      );
    for (const [name, option] of Object.entries(profileOf(id).options).filter(
      ([n]) => !manners.includes(n),
    )) {
      const settings = choicesOf(id).filter((s) => name in s && s[name] !== option.default);
      expect([name, settings.filter((s) => !changes(s))]).toEqual([name, []]);
    }
  });
});
