import { describe, expect, test } from 'vitest';

import { parseGateway } from '../../src/config/gateway-file.ts';
import { sentence } from '../../src/model/errors.ts';
import { planHere } from './planned.ts';

const DAY_MS = 86_400_000;

const gateway = (history: string) =>
  parseGateway(
    'gateway.yaml',
    `batteries: [{ id: a, bms: jbd, address: "02:00:00:00:00:01", cells: 16, capacity_Ah: 100 }]
bank:
  strings: [[a]]
  envelope: { charge_current_A: 10, discharge_current_A: 10, cell_max_V: 3.6, cell_min_V: 2.8 }
inverters: [{ id: ems, profile: generic-modbus, tcp: "127.0.0.1:1502" }]
history: ${history}
`,
  );

const complaint = (history: string): string => {
  try {
    gateway(history);
    return 'none';
  } catch (error) {
    return sentence(error);
  }
};

describe('`history:` in the gateway file', () => {
  test('needs nothing, and is served', () => {
    const config = gateway('{}');
    expect(config.file.history).toEqual({
      path: '/var/lib/bmsgate/history.db',
      keep: 400 * DAY_MS,
      minutes: 35 * DAY_MS,
    });
    expect(planHere(config).remarks).toEqual([]);
    expect(gateway('{ keep: 30d }').file.history?.minutes).toBe(30 * DAY_MS);
  });

  test.each([
    ['{ path: history.db }', 'write the whole path, beginning with `/`'],
    ['{ keep: 1d }', 'this is 3d to 3660d'],
    ['{ keep: 30d, minutes: 31d }', '`minutes` is longer than `keep`; lower it, or raise `keep`'],
    ['{ folder: /tmp }', 'unknown key `folder`; known here: path, keep, minutes'],
  ])('%s is refused at its place, with what to do', (history, why) => {
    const said = complaint(history);
    expect(said).toMatch(/^gateway\.yaml:6:\d+: /);
    expect(said).toContain(why);
  });
});
