import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseGateway } from '../../src/config/gateway-file.ts';
import { mqttOrders } from '../../src/config/mqtt-orders.ts';
import { devicesOf } from '../../src/mqtt/plan.ts';
import { entitiesOf } from '../../src/mqtt/states.ts';
import { battery, planOf } from '../mqtt/household.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/home-assistant.md'), 'utf8');
const yamlOf = (text: string) => /(?<=```yaml\n)[\s\S]*?(?=```)/.exec(text)?.[0] ?? '';
const gateway = yamlOf(readFileSync(join(root, 'README.md'), 'utf8'));

describe('docs/home-assistant.md', () => {
  test('shows lines that the gateway takes', () => {
    const { file } = parseGateway('docs', `${gateway}${yamlOf(page)}`);
    expect(mqttOrders(file)).toMatchObject({
      place: {
        host: 'broker.lan',
        port: 8883,
        isTls: true,
        username: 'bmsgate',
        caFile: '/etc/bmsgate/ca.crt',
      },
      plan: {
        name: 'Cellar',
        discoveryPrefix: 'homeassistant',
        topic: 'bmsgate',
        birthTopic: 'homeassistant/status',
      },
    });
  });

  test('names every entity that there is, and none beside', () => {
    const plan = planOf({
      inverters: ['<id>'],
      batteries: [battery('a', 1, { cells: 1 }), battery('w', 2, { isWired: true, cells: 1 })],
    });
    const table = page.slice(page.indexOf('| device | entities'), page.indexOf('- `current` and `power`'));
    const named = [...table.matchAll(/`([a-z_<>0-9]+)`/g)].map(([, key]) => key);
    const keys = devicesOf(plan).flatMap((device) => entitiesOf(plan, device).map(({ key }) => key));
    const there = new Set(keys.filter((key) => !/^temperature_(?!1$)/.test(key)));
    expect([...new Set(named)].sort()).toEqual([...there].sort());
  });
});
