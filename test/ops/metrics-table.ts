// The table of docs/metrics.md, made from the metrics themselves.
import { bankAndPackMetrics } from '../../src/web/bank-metrics.ts';
import { snapshotAge } from '../../src/web/metrics-page.ts';
import { healthMetrics } from '../../src/web/wire-metrics.ts';

/** Every metric that a page can have. */
export const allMetrics = [snapshotAge, ...bankAndPackMetrics, ...healthMetrics];

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

export const metricsTable = (): string =>
  [
    row(['metric', 'type', 'labels', 'what it says']),
    row(['---', '---', '---', '---']),
    ...allMetrics.map(({ name, type, labels, help }) =>
      row([`\`${name}\``, type, labels.map((label) => `\`${label}\``).join(' ') || '-', help]),
    ),
  ].join('\n');
