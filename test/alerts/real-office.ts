// The office as a process of its own, kept as the wires keep it.
import { onTestFinished } from 'vitest';
import { KeptChild } from '../../src/child.ts';
import { forkHead } from '../../src/forked.ts';
import type { OfficeOrders } from '../../src/office.ts';

/** Runs until its test ends. `reports` is what was said of its ends. */
export function realOffice(orders: () => OfficeOrders) {
  const reports: string[] = [];
  const kept = new KeptChild({
    name: 'office',
    start: forkHead('office'),
    heard: () => {},
    report: (sentence) => reports.push(sentence),
  });
  onTestFinished(() => kept.stop());
  kept.order(orders);
  kept.start();
  return { kept, reports };
}
