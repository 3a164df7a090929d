// What is on a wire and is no talk with our inverters, as the inspector sees it.
import { describe, expect, test } from 'vitest';
import type { BusHeard, StrangeId } from '../../src/model/api/wire-talk.ts';
import { findingOf, growthOf } from '../../src/page/inspector/line-findings.ts';
import { fitsStranger, heardSince, isOtherForm, meantBy } from '../../src/page/inspector/strangers.ts';

const row = (id: number, more: Partial<StrangeId> = {}): StrangeId => ({
  id,
  hex: '0102',
  count: 1,
  per_s: 1,
  first_at_ms: 0,
  last_at_ms: 5000,
  ...more,
});
const bus = (more: Partial<BusHeard>): BusHeard => ({
  wire: 'can0',
  ids: [],
  beyond: 0,
  errors: [],
  doubles: [],
  ...more,
});

describe('strange ids', () => {
  test('are those of an inverter that is set to the profiles which know the most of them', () => {
    const ids = [
      row(0x305, { inverter_of: ['byd-lv', 'pylontech-lv', 'sma', 'victron'] }),
      row(0x306, { inverter_of: ['sma', 'victron'] }),
      row(0x123),
    ];
    expect(meantBy({ ids })).toEqual({ inverter: ['sma', 'victron'], battery: [] });
  });

  test('are those of a battery only where no inverter sends them', () => {
    const both = row(0x305, { inverter_of: ['sma'], battery_of: ['byd-hv'] });
    expect(meantBy({ ids: [both] })).toEqual({ inverter: ['sma'], battery: [] });
    expect(meantBy({ ids: [row(0x4210, { battery_of: ['pylontech-hv'] })] })).toEqual({
      inverter: [],
      battery: ['pylontech-hv'],
    });
    expect(meantBy({ ids: [row(1)] })).toEqual({ inverter: [], battery: [] });
  });

  test('are told from those of the profile by their 29 bits alone', () => {
    const known = [{ id: 0x305, extended: false }];
    expect(isOtherForm(row(0x305, { extended: true }), known)).toBe(true);
    expect(isOtherForm(row(0x305, { remote: true }), known)).toBe(false);
    expect(isOtherForm(row(0x306, { extended: true }), known)).toBe(false);
  });

  test('are found by id, bytes and profile', () => {
    const strange = row(0x307, { hex: '564943', inverter_of: ['victron'], title: 'identification' });
    const found = (text: string) => fitsStranger(strange, { text }, ({ id }) => `0x${id.toString(16)}`);
    expect(['', '0x307', '5649', 'Victron', ' identi'].map(found)).toEqual([true, true, true, true, true]);
    expect(found('0x305')).toBe(false);
  });

  test('are shown anew after "Begin anew", once they are heard again', () => {
    const heard = heardSince(
      bus({
        ids: [row(1, { last_at_ms: 4999 }), row(2)],
        errors: [{ kind: 'no-ack', count: 3, last_at_ms: 1 }],
        doubles: [{ id: 3, hex: '', count: 9, last_at_ms: 1 }],
      }),
      5000,
    );
    expect(heard).toMatchObject({ ids: [{ id: 2 }], errors: [], doubles: [] });
  });
});

describe('a serial line', () => {
  const finding = (counts: Record<string, number>, before: Record<string, number> = {}) =>
    findingOf(growthOf(before, counts));

  test('on which nothing is a frame has another speed, or A and B swapped', () => {
    expect(finding({ requests: 0, resyncBytes: 40, crcErrors: 2 })).toBe('noise');
    expect(finding({ requests: 0, resyncBytes: 3 })).toBeUndefined();
  });

  test('on which somebody asks, but nobody of ours, has another address in the menu', () => {
    expect(finding({ requests: 7, foreignFrames: 12 }, { requests: 7, foreignFrames: 2 })).toBe('foreign');
  });

  test('on which some frames are damaged says so, and one that is well says nothing', () => {
    expect(finding({ requests: 20, crcErrors: 1, resyncBytes: 4 })).toBe('damaged');
    expect(finding({ requests: 20, foreignFrames: 3 })).toBeUndefined();
  });

  test('on which nothing comes is silent, whatever came before somebody looked', () => {
    expect(finding({ requests: 7, resyncBytes: 9 }, { requests: 7, resyncBytes: 9 })).toBe('silent');
  });

  test('that was opened anew is counted from there', () => {
    expect(growthOf({ requests: 900, resyncBytes: 5 }, { requests: 2, resyncBytes: 5 })).toEqual({
      questions: 2,
      foreign: 0,
      damaged: 0,
      noise: 5,
    });
  });
});
