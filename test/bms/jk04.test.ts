// The active balancers of JK: cells and a balancer, neither current nor state of charge.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../../src/bms/driver.ts';
import { jk, jk02 } from '../../src/bms/jk.ts';
import { readFloats } from '../../src/bms/jk04.ts';
import { capturedSamples } from '../../src/bms/samples.ts';
import { transcribe } from '../../src/bms/transcript.ts';
import { captured } from './captures.ts';
import { cellsFrame, floatsFrame, infoFrame, type Jk04Pack, settingsFrame } from './jk-unit.ts';
import { oneLink } from './one-link.ts';

const said = (frame: Uint8Array, software?: number): Answer =>
  jk02.answer(frame, {
    request: undefined,
    options: {},
    learned: software === undefined ? {} : { software },
  });
const reading = (pack: Jk04Pack = {}) => {
  const answer = said(floatsFrame(pack), 3);
  return answer.kind === 'part' ? answer.reading : answer;
};

describe('recorded balancers', () => {
  const readings = (name: string) =>
    transcribe(jk, captured(name).entries).said.map(({ answer }) =>
      answer.kind === 'part' ? [answer.part, answer.reading] : answer,
    );

  test('one of 3.3.0 tells its cells; what its settings keep where JK02 keeps limits is none', () => {
    expect(readings('jk/16s-jk04-3.3.0')).toEqual([
      [
        'info',
        {
          name: 'BMS',
          details: { model: 'JK-B2A16S', hardware_version: '3.0', firmware_version: '3.3.0' },
        },
      ],
      ['settings', {}],
      [
        'cells',
        {
          voltageV: 53.691, // the sum that the source of the capture prints
          cellVoltagesV: [
            3.353, 3.359, 3.356, 3.357, 3.357, 3.356, 3.356, 3.357, 3.356, 3.356, 3.356, 3.354, 3.356, 3.356,
            3.354, 3.356,
          ],
          details: { balancing: true, balance_current_A: 1.172 },
        },
      ],
    ]);
  });

  test('one of 8.0.3M, whose version is that of other boards, is known by its floats', () => {
    expect(readings('jk/16s-jk04-8.0.3M').at(-1)).toMatchObject([
      'cells',
      { voltageV: 53.166, details: { balancing: true, balance_current_A: -2.599 } },
    ]);
  });

  test.each(['jk/16s-jk04-3.3.0', 'jk/16s-jk04-8.0.3M'])(
    'a sample of %s holds neither current nor SoC, FETs, alarms or temperatures',
    (name) => {
      const [first] = capturedSamples(jk, captured(name).entries);
      expect(Object.keys(first?.sample.reading ?? {}).sort()).toEqual([
        'cellVoltagesV',
        'details',
        'name',
        'voltageV',
      ]);
    },
  );
});

describe('a balancer', () => {
  test('tells the cells that are there, and their sum for the pack', () => {
    expect(reading({ cellsV: [3.3011, 3.3019, 3.2004, 3.3] })).toEqual({
      voltageV: 13.103,
      cellVoltagesV: [3.301, 3.302, 3.2, 3.3],
      details: { balancing: false, balance_current_A: 0 },
    });
  });

  test('may have 24 of them', () => {
    const cellsV = Array.from({ length: 24 }, (_, i) => 3.2 + i / 100);
    expect(reading({ cellsV })).toHaveProperty('cellVoltagesV.length', 24);
  });

  test('whose cells and mean disagree is not believed', () => {
    expect(reading({ meanV: 3.5 })).toEqual({
      kind: 'rejected',
      why: 'cells, their mean and the voltage of the pack agree in none of the layouts 24S, 32S and JK04',
    });
    for (const pack of [{ mask: 0 }, { mask: 2 ** 24 }, { cellsV: [Number.NaN, 3.3] }, { cellsV: [0, 0] }])
      expect(reading(pack)).toMatchObject({ kind: 'rejected' });
  });

  test('whose balance current is no number tells none', () => {
    expect(reading({ balanceA: Number.NaN })).toHaveProperty('details', { balancing: false });
  });

  test('never passes for a JK02, nor a JK02 for one, whatever the cells and the version', () => {
    const cells = fc.array(fc.integer({ min: 500, max: 4500 }), { minLength: 1, maxLength: 24 });
    fc.assert(
      fc.property(
        cells,
        fc.constantFrom(24, 32),
        fc.constantFrom(undefined, 3, 8, 14),
        fc.integer({ min: -400_000, max: 400_000 }),
        (cellsMV, room, software, currentMA) => {
          expect(readFloats(cellsFrame(room === 24 ? 24 : 32, { cellsMV, currentMA }))).toBeUndefined();
          const cellsV = cellsMV.map((mV) => mV / 1000);
          const answer = said(floatsFrame({ cellsV }), software);
          if (answer.kind === 'part') expect(answer.reading).not.toHaveProperty('currentA');
          // A mean below 1 V is no battery.
          else expect(cellsMV.reduce((sum, mV) => sum + mV, 0) / cellsMV.length).toBeLessThanOrEqual(1000);
        },
      ),
    );
  });
});

test('a link to a balancer stays, and gives its cells as often as it tells them', async () => {
  let counter = 0;
  const { clock, samples, said, rejected } = oneLink({
    driver: jk,
    answer: (request) => {
      if (request[4] === 0x97) return infoFrame({ software: '3.3.0', name: 'balancer' });
      if (request[4] !== 0x96) return undefined;
      counter++;
      return Uint8Array.of(
        ...settingsFrame({ chargeMA: 0, dischargeMA: 0, capacityMAh: 0 }),
        ...floatsFrame({ counter }),
      );
    },
    size: 128,
  });
  await clock.to(30_000);
  expect(samples().length).toBeGreaterThanOrEqual(4);
  expect(samples().at(-1)?.reading).toMatchObject({ name: 'balancer', voltageV: 52.92 });
  expect(rejected()).toEqual([]);
  expect(said.filter((r) => r.type === 'link').map((r) => r.state)).toEqual([
    'found',
    'connecting',
    'connected',
  ]);
});
