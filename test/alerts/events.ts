import fc from 'fast-check';
import type { AlertTarget } from '../../src/alerts/target.ts';
import type { BankEvent } from '../../src/model/events.ts';

export const phone: AlertTarget = {
  id: 'phone',
  form: 'webhook',
  url: 'https://example.org/hook',
  fromSeverity: 'warning',
  when: ['begin', 'end'],
  site: 'barn',
};

/** A cell of pack b that is too high. */
export const highCell: BankEvent = {
  id: 'run-1',
  kind: 'protection',
  alarm: 'cell_high_voltage',
  text: 'protection cell_high_voltage: 3.66 V',
  beganAtMs: 1000,
  peak: { quantity: 'max_cell_voltage_V', value: 3.66 },
};

export const over = (event: BankEvent, endedAtMs: number): BankEvent => ({ ...event, endedAtMs });

export const started: BankEvent = {
  id: 'run-0',
  kind: 'child_replaced',
  text: 'ear was started anew',
  beganAtMs: 500,
  endedAtMs: 500,
};

/** What the wires tell of a few alarms: begin, peaks, end, and some of it twice; the ends only behind their begins. */
export const tellings: fc.Arbitrary<BankEvent[]> = fc
  .array(
    fc.record({
      id: fc.constantFrom('run-1', 'run-2', 'run-3', 'run-4'),
      what: fc.constantFrom('begin', 'peak', 'end'),
    }),
    { maxLength: 40 },
  )
  .map((steps) => {
    const ended = new Set<string>();
    return steps.map(({ id, what }, at): BankEvent => {
      if (what === 'end') ended.add(id);
      const event = { ...highCell, id, peak: { quantity: 'max_cell_voltage_V', value: 3.6 + at / 1000 } };
      return ended.has(id) ? over(event, 2000) : event;
    });
  });
