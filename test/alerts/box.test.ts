import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Box, emptyBox, MOST_DUE, returned, sentOff, settled, taken } from '../../src/alerts/box.ts';
import { boxesText, readBoxes } from '../../src/alerts/box-file.ts';
import type { AlertTarget } from '../../src/alerts/target.ts';
import type { BankEvent } from '../../src/model/events.ts';
import { highCell, over, phone, started, tellings } from './events.ts';

const hearing = (events: readonly BankEvent[], box: Box = emptyBox, target: AlertTarget = phone): Box =>
  events.reduce((now, event) => taken(now, event, target, 0), box);
const delivered = (box: Box): Box => settled(sentOff(box));
const waiting = ({ due }: Box) => due.map(({ event, phase }) => `${event.id} ${phase}`);

describe('a target', () => {
  test('is told once that a cell is too high and once that it is over, however often its peak rises', () => {
    const higher = { ...highCell, peak: { quantity: 'max_cell_voltage_V', value: 3.7 } };
    const begun = hearing([highCell, higher, highCell]);
    expect(waiting(begun)).toEqual(['run-1 begin']);
    const told = hearing([higher, higher], delivered(begun));
    expect(waiting(told)).toEqual([]);
    const ended = hearing([over(higher, 9000), over(higher, 9000)], told);
    expect(waiting(ended)).toEqual(['run-1 end']);
    expect(waiting(hearing([over(higher, 9000), highCell], delivered(ended)))).toEqual([]);
  });

  test('that was away is told in one message of what came and went, with the worst of it', () => {
    const higher = { ...highCell, peak: { quantity: 'max_cell_voltage_V', value: 3.7 } };
    const { due } = hearing([highCell, higher, over(higher, 9000)]);
    expect(due).toEqual([{ event: over(higher, 9000), phase: 'end', sinceMs: 0 }]);
  });

  test('gets the end by itself while the begin is on its way, and one for both when that came back', () => {
    const both = hearing([over(highCell, 9000)], sentOff(hearing([highCell])));
    expect(waiting(settled(both))).toEqual(['run-1 end']);
    expect(waiting(returned(both))).toEqual(['run-1 end']);
    expect(waiting(returned(sentOff(hearing([highCell]))))).toEqual(['run-1 begin']);
  });

  test('that wants only begins hears of what was over before it could be told, and of no end', () => {
    const target: AlertTarget = { ...phone, when: ['begin'] };
    expect(waiting(hearing([highCell, over(highCell, 9000)], emptyBox, target))).toEqual(['run-1 begin']);
    const told = delivered(hearing([highCell], emptyBox, target));
    expect(waiting(hearing([over(highCell, 9000)], told, target))).toEqual([]);
  });

  test('that wants only ends hears of these', () => {
    const target: AlertTarget = { ...phone, when: ['end'] };
    expect(waiting(hearing([highCell], emptyBox, target))).toEqual([]);
    expect(waiting(hearing([highCell, over(highCell, 9000)], emptyBox, target))).toEqual(['run-1 end']);
  });

  test('is not told that a stale battery is over when it is lost now, but that it is lost', () => {
    const stale: BankEvent = { ...highCell, kind: 'battery_stale', subject: 'b' };
    const told = delivered(hearing([stale]));
    const lost: BankEvent = { ...stale, id: 'run-2', kind: 'battery_lost' };
    expect(waiting(hearing([{ ...over(stale, 9000), became: 'battery_lost' }, lost], told))).toEqual([
      'run-2 begin',
    ]);
    expect(waiting(hearing([{ ...over(stale, 9000), became: 'battery_late' }], told))).toEqual(['run-1 end']);
    // Who does not want to hear of lost batteries hears that this one is not stale any more.
    const target: AlertTarget = { ...phone, kinds: ['battery_stale'] };
    const end = { ...over(stale, 9000), became: 'battery_lost' as const };
    expect(waiting(hearing([end], told, target))).toEqual(['run-1 end']);
  });

  test('hears of a moment once', () => {
    const once = hearing([started, started]);
    expect(waiting(once)).toEqual(['run-0 moment']);
    expect(waiting(hearing([started], delivered(once)))).toEqual([]);
  });

  test.each<[string, Partial<AlertTarget>, boolean]>([
    ['warnings and worse', {}, true],
    ['alarms', { fromSeverity: 'alarm' }, true],
    ['a lost bank', { kinds: ['bank_lost'] }, false],
    ['protections', { kinds: ['protection', 'bank_lost'] }, true],
  ])('that wants %s', (_, wish, heard) => {
    expect(hearing([highCell], emptyBox, { ...phone, ...wish }).due.length === 1).toBe(heard);
  });

  test('is not told that a radio found its unit when it wants warnings', () => {
    const remedy = { ...started, kind: 'link_recovery' as const };
    expect(hearing([remedy]).due).toEqual([]);
    expect(hearing([remedy], emptyBox, { ...phone, fromSeverity: 'info' }).due).toHaveLength(1);
  });

  test('is told that others are not reached, and never that itself is not', () => {
    const undelivered = { ...highCell, kind: 'alert_undelivered' as const };
    expect(hearing([{ ...undelivered, subject: 'phone' }]).due).toEqual([]);
    expect(hearing([{ ...undelivered, subject: 'desk' }]).due).toHaveLength(1);
  });

  test(`that is away for long is told the newest ${MOST_DUE}`, () => {
    const many = Array.from({ length: 3 * MOST_DUE }, (_, i) => ({ ...highCell, id: `run-${i}` }));
    const { due } = hearing(many);
    expect([due.length, due[0]?.event.id, due.at(-1)?.event.id]).toEqual([MOST_DUE, 'run-200', 'run-299']);
  });

  test('keeps what is open in mind through a thousand alarms that came and went', () => {
    let box = delivered(hearing([highCell]));
    for (let i = 0; i < 1000; i++)
      box = delivered(hearing([over({ ...highCell, id: `flap-${i}` }, 2000)], box));
    expect(box.told.length).toBeLessThanOrEqual(401);
    expect(waiting(hearing([highCell], box))).toEqual([]);
  });
});

test('whatever the wires tell and the net does, an event is told at most once as begun, once as over, and nothing behind that', () => {
  const happenings = fc.array(fc.constantFrom('off', 'arrives', 'comes back', 'office replaced'), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(tellings, happenings, fc.infiniteStream(fc.boolean()), (events, net, turns) => {
      const told: string[] = [];
      let box = emptyBox;
      const happen = (what: string | undefined) => {
        if (what === 'off' && !box.flying) box = sentOff(box);
        if (what === 'comes back') box = returned(box);
        if (what === 'office replaced' && !box.flying) {
          const now = { monotonicMs: 5000, wallMs: 1_795_000_000_000 };
          box = readBoxes(boxesText(new Map([['phone', box]]), now), now)?.get('phone') ?? emptyBox;
        }
        if (what !== 'arrives' || !box.flying) return;
        told.push(`${box.flying.event.id} ${box.flying.phase}`);
        box = settled(box);
      };
      const [heard, done] = [[...events], [...net]];
      while (heard.length || done.length) {
        const event = turns.next().value ? heard.shift() : undefined;
        if (event) box = taken(box, event, phone, 0);
        else happen(done.shift() ?? 'arrives');
        if (!event && !done.length && heard.length) box = taken(box, heard.shift() ?? highCell, phone, 0);
      }
      while (box.flying || box.due.length) happen(box.flying ? 'arrives' : 'off');
      expect(told).toEqual([...new Set(told)]);
      for (const id of new Set(events.map((e) => e.id))) {
        const of = told.filter((line) => line.startsWith(`${id} `));
        const isOver = events.some((e) => e.id === id && e.endedAtMs !== undefined);
        const last = isOver ? [`${id} end`] : [`${id} begin`];
        expect([last, [`${id} begin`, ...last]]).toContainEqual(of);
      }
    }),
    { numRuns: 2000 },
  );
});

describe('the file of an office', () => {
  const bootA = { monotonicMs: 50_000, wallMs: 1_795_000_000_000 };

  test('gives the next one what waits and what was told, on the clock of another boot too', () => {
    const away = hearing([highCell, over({ ...highCell, id: 'run-2', subject: 'b' }, 3000)]);
    const box = hearing([started], settled(sentOff(away)));
    const text = boxesText(new Map([['phone', sentOff(box)]]), bootA);
    expect(readBoxes(text, bootA)?.get('phone')).toEqual(box);
    const bootB = { monotonicMs: 4000, wallMs: bootA.wallMs + 60_000 };
    const [end] = readBoxes(text, bootB)?.get('phone')?.due ?? [];
    const wall = (atMs = 0) => bootB.wallMs - bootB.monotonicMs + atMs;
    expect(wall(end?.event.beganAtMs)).toBe(bootA.wallMs - 49_000);
    expect(wall(end?.event.endedAtMs)).toBe(bootA.wallMs - 47_000);
    // It has waited for 50 s; the time between the boots does not count.
    expect(end?.sinceMs).toBe(bootB.monotonicMs - 50_000);
  });

  test('that was cut, or is of another form, gives nothing, and nothing throws', () => {
    const text = boxesText(new Map([['phone', hearing([highCell])]]), bootA);
    for (let length = 0; length < text.length - 2; length++)
      expect(readBoxes(text.slice(0, length), bootA)).toBeUndefined();
    fc.assert(fc.property(fc.json(), (json) => void expect(readBoxes(json, bootA)).toBeUndefined()));
  });
});
