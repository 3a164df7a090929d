import { describe, expect, test } from 'vitest';
import type { BankState } from '../../src/model/bank-state.ts';
import type { Freshness } from '../../src/model/freshness.ts';
import { telling } from '../../src/profile/telling.ts';

const bank = (freshness: Freshness): BankState => ({
  sequence: 1,
  evaluatedAtMs: 1_000,
  validUntilMs: 4_000,
  freshness,
  signals: {},
  packs: [],
  reasons: { chargeVoltage: [], dischargeVoltage: [], chargeCurrent: [], dischargeCurrent: [] },
  notices: [],
});

describe('what an inverter may be told', () => {
  test('nothing before the batteries were heard', () => {
    expect(telling('hold', undefined, 0)).toEqual({ kind: 'nothing', why: 'never heard' });
    expect(telling('hold', bank('never'), 2_000)).toEqual({ kind: 'nothing', why: 'never heard' });
  });

  test.each(['fresh', 'late', 'stale'] as const)(
    'the state of a %s bank, whatever the profile does when it is lost',
    (rung) => {
      for (const lost of ['hold', 'silent', 'exception'] as const)
        expect(telling(lost, bank(rung), 2_000)).toEqual({ kind: 'say' });
    },
  );

  test('of a lost bank, what the profile says', () => {
    expect(telling('hold', bank('lost'), 2_000)).toEqual({ kind: 'say' });
    expect(telling('silent', bank('lost'), 2_000)).toEqual({ kind: 'nothing', why: 'lost' });
    expect(telling('exception', bank('lost'), 2_000)).toEqual({ kind: 'exception', code: 4 });
  });

  test('an image is told up to its last valid moment and not a millisecond longer, however fresh it calls itself', () => {
    expect(telling('hold', bank('fresh'), 4_000)).toEqual({ kind: 'say' });
    expect(telling('hold', bank('fresh'), 4_001)).toEqual({ kind: 'nothing', why: 'out of date' });
    expect(telling('exception', bank('lost'), 4_001)).toEqual({ kind: 'nothing', why: 'out of date' });
  });
});
