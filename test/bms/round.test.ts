import { describe, expect, test } from 'vitest';
import type { Answer, Dialect } from '../../src/bms/driver.ts';
import { jbdUart } from '../../src/bms/jbd.ts';
import { doubts, plausible } from '../../src/bms/plausible.ts';
import { complete, missing, nextRound, noRound, requestsOf, withAnswer } from '../../src/bms/round.ts';

const basic: Answer = { kind: 'part', part: 'basic', reading: { voltageV: 13.2, socPct: 80 } };
const cells: Answer = { kind: 'part', part: 'cells', reading: { cellVoltagesV: [3.3, 3.3, 3.3, 3.3] } };
const name: Answer = { kind: 'part', part: 'name', reading: { name: 'garage' } };
const jbd = { dialect: jbdUart };
/** Each answer a second after the one before. */
const roundOf = (...answers: Answer[]) =>
  answers.reduce((round, answer, i) => withAnswer(round, answer, 1000 * i), noRound);

test('the questions for a battery are made once, however many answers come', () => {
  const made: (number | undefined)[] = [];
  const dialect: Dialect = {
    ...jbdUart,
    requests: (options) => {
      made.push(options.unit);
      return jbdUart.requests(options);
    },
  };
  const units = [{ dialect, options: { unit: 1 } }, { dialect, options: { unit: 2 } }, { dialect }];
  for (const read of [...units, ...units]) complete(read, nextRound(read, roundOf(basic, cells)));
  expect(made).toEqual([1, 2, undefined]);
  expect(requestsOf(jbd)).toEqual(jbdUart.requests({}));
});

describe('a round', () => {
  test('is a sample when basic info and cells were answered, in any order', () => {
    expect(complete(jbd, roundOf(cells, basic))).toEqual({
      reading: { voltageV: 13.2, socPct: 80, cellVoltagesV: [3.3, 3.3, 3.3, 3.3] },
      atMs: 0,
      notices: [],
    });
  });

  test('that is half answered is no sample and says what is missing', () => {
    expect(complete(jbd, roundOf(basic, name))).toBeUndefined();
    expect(missing(jbd, roundOf(basic, name))).toEqual(['cells']);
    expect(missing(jbd, noRound)).toEqual(['basic', 'cells']);
  });

  test('takes nothing from a refusal or a rejected frame', () => {
    const round = roundOf(basic, { kind: 'refused', why: 'no' }, { kind: 'rejected', why: 'no' });
    expect([...round.keys()]).toEqual(['basic']);
  });

  test('keeps the name for the next round, and nothing else', () => {
    const next = nextRound(jbd, roundOf(basic, cells, name));
    expect(missing(jbd, next)).toEqual(['basic', 'cells']);
    expect(
      complete(
        jbd,
        [basic, cells].reduce((round, answer) => withAnswer(round, answer, 9000), next),
      )?.reading.name,
    ).toBe('garage');
  });

  test('tells when pack and cells disagree, and does not drop them', () => {
    const odd: Answer = { kind: 'part', part: 'basic', reading: { voltageV: 26.4 } };
    expect(complete(jbd, roundOf(odd, cells))).toMatchObject({
      reading: { voltageV: 26.4 },
      notices: ['the pack reads 26.4 V, its cells add up to 13.2 V'],
    });
  });
});

describe('what a battery can say', () => {
  test.each([
    [{ currentA: 1000.1 }, '1000.1 A cannot be'],
    [{ currentA: -1001 }, '-1001 A cannot be'],
    [{ socPct: 106 }, '106 % SoC cannot be'],
    [{ socPct: -1 }, '-1 % SoC cannot be'],
    [{ cellVoltagesV: [3.3, 5.001] }, 'cell 2 cannot have 5.001 V'],
    [{ cellVoltagesV: [-0.001] }, 'cell 1 cannot have -0.001 V'],
    [{ voltageV: Number.NaN }, 'NaN V cannot be'],
    [{ voltageV: Number.POSITIVE_INFINITY }, 'Infinity V cannot be'],
    [{ cellVoltagesV: [Number.NaN] }, 'cell 1 cannot have NaN V'],
  ])('%j is rejected', (reading, rejected) => {
    expect(plausible(reading)).toEqual({ rejected });
  });

  test('the edges are believed', () => {
    const reading = { currentA: -1000, socPct: 100, cellVoltagesV: [0, 5], temperaturesC: [-40, 120] };
    expect(plausible(reading)).toEqual({ reading });
  });

  test('101 to 105 percent is full', () => {
    expect(plausible({ socPct: 101 })).toEqual({ reading: { socPct: 100 } });
    expect(plausible({ socPct: 105 })).toEqual({ reading: { socPct: 100 } });
  });

  test('a broken sensor is unknown in its place and takes nothing else with it', () => {
    expect(
      plausible({ socPct: 50, temperaturesC: [-273.1, 21, 6280.4, Number.NaN], mosfetTemperatureC: 121 }),
    ).toEqual({ reading: { socPct: 50, temperaturesC: [undefined, 21, undefined, undefined] } });
  });

  test('nothing said stays nothing said', () => {
    expect(plausible({})).toEqual({ reading: {} });
  });
});

describe('doubts', () => {
  test('pack and cells may differ by 1 V or 3 %, whichever is more', () => {
    expect(doubts({ voltageV: 14.2, cellVoltagesV: [3.3, 3.3, 3.3, 3.3] })).toEqual([]);
    expect(doubts({ voltageV: 14.21, cellVoltagesV: [3.3, 3.3, 3.3, 3.3] })).toHaveLength(1);
    expect(doubts({ voltageV: 54.3, cellVoltagesV: Array(16).fill(3.3) })).toEqual([]);
    expect(doubts({ voltageV: 54.5, cellVoltagesV: Array(16).fill(3.3) })).toHaveLength(1);
  });

  test('a cell of 0 V is named', () => {
    expect(doubts({ cellVoltagesV: [3.3, 0] })).toEqual(['cell 2 reads 0 V']);
  });
});
