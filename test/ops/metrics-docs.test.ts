import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseGateway } from '../../src/config/gateway-file.ts';
import { readDocument, z } from '../../src/profile/document.ts';
import { metricsPage } from '../../src/web/metrics-page.ts';
import { readPage } from '../web/exposition.ts';
import { bankThatIs, health, NOW_MS } from '../web/snapshots.ts';
import { allMetrics, metricsTable } from './metrics-table.ts';

const file = new URL('../../docs/metrics.md', import.meta.url);
const page = () => readFileSync(file, 'utf8');
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const TABLE = /(?<=<!-- the metrics -->\n)[\s\S]*?(?=\n<!-- end of the metrics -->)/;
const yamls = () => [...page().matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);

describe('the page about metrics', () => {
  test('lists them as they are (UPDATE=1 writes the table anew)', () => {
    const made = metricsTable();
    if (process.env.UPDATE)
      writeFileSync(
        file,
        page().replace(TABLE, () => `${made}`),
      );
    expect(TABLE.exec(page())?.[0]).toBe(made);
  });

  test('lists none that is never told, and each with the labels that it is told with', async () => {
    const told = readPage(await metricsPage({ bank: bankThatIs('fresh'), health, nowMs: NOW_MS }));
    expect([...told.keys()].sort()).toEqual(allMetrics.map(({ name }) => name).sort());
    for (const { name, type, labels, help } of allMetrics) {
      const family = told.get(name);
      const used = new Set(family?.series.flatMap((series) => Object.keys(series.labels)));
      used.delete('le');
      expect([name, family?.type, family?.help, [...used].sort()]).toEqual([
        name,
        type,
        help,
        [...labels].sort(),
      ]);
    }
  });

  test('shows a setting that the gateway takes, which is the default', () => {
    const [, gateway = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];
    const [setting = ''] = yamls();
    expect(parseGateway('docs', `${gateway}${setting}`).file.metrics).toEqual({ listen: '127.0.0.1:9469' });
    expect(parseGateway('docs', `${gateway}metrics: {}\n`).file.metrics).toEqual({
      listen: '127.0.0.1:9469',
    });
    expect(parseGateway('README.md', gateway).file.metrics).toBeUndefined();
  });

  test('shows alerts that are YAML and name only metrics that there are', () => {
    const [alerts = ''] = yamls().filter((text) => text.startsWith('groups:'));
    const rule = z.object({ alert: z.string(), expr: z.string(), for: z.string().optional() }).loose();
    const shape = z.object({ groups: z.array(z.object({ rules: z.array(rule) }).loose()) });
    const read = readDocument('docs/metrics.md', alerts, shape);
    if ('problems' in read) throw new Error(JSON.stringify(read.problems));
    const { rules } = read.value.groups[0] ?? { rules: [] };
    expect(rules).toHaveLength(3);
    const known = new Set(allMetrics.map(({ name }) => name));
    for (const { expr } of rules) {
      const named = expr.match(/bmsgate_\w+/g) ?? [];
      expect(named.length).toBeGreaterThan(0);
      expect(named.filter((name) => !known.has(name))).toEqual([]);
    }
  });
});
