// A battery that only a Bluetooth proxy hears: from the proxy's address to a gateway file that reads it.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readGateway } from '../../src/config/gateway-file.ts';
import { secretProblems } from '../../src/config/secrets.ts';
import type { SetupDraft, SetupState } from '../../src/model/api/setup.ts';
import { simProxy } from '../ble/esphome/proxy.ts';
import { addressOf, jbdUnit } from '../ble/esphome/unit.ts';
import { freePort } from '../house/site.ts';
import { air, claimed, revisionOf, tested } from './owner.ts';
import { setupSite } from './setup-site.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const OTHER_KEY = Buffer.alloc(32, 8).toString('base64');

describe('a first start', { timeout: 300_000 }, () => {
  test('hears and reads a battery by a proxy, and keeps its key where the gateway alone reads it', async (context) => {
    const sim = await simProxy({ key: KEY, units: [jbdUnit(1)] });
    context.onTestFinished(sim.stop);
    const site = await setupSite(context, { args: ['--write-only'] });
    site.room.hideAll();
    const owner = await claimed(site);
    const proxies = [{ id: 'shed', host: '127.0.0.1', port: sim.port }];
    const give = async (draft: SetupDraft, key?: string) =>
      owner.post<{ revision: number }>('/setup/draft', {
        revision: await revisionOf(owner),
        draft: { proxies, ...draft },
        ...(key !== undefined && { secrets: { proxy_keys: { shed: key } } }),
      });

    expect((await give({}, 'no key')).status).toBe(400);
    await give({}, OTHER_KEY);
    await air(
      owner,
      'the key is wrong',
      ({ trouble }) => trouble?.includes('the encryption key is wrong') === true,
    );
    await give({}, KEY);
    const { units } = await air(owner, 'the battery is heard', (now) => now.units.length === 1);
    expect(units).toMatchObject([{ address: addressOf(1), bms: 'jbd', proxy: 'shed' }]);

    await owner.post('/setup/read', { units: [{ bms: 'jbd', address: addressOf(1), proxy: 'shed' }] });
    const isRead = await air(
      owner,
      'it is read',
      ({ readings: [reading] }) => reading?.state === 'read',
      false,
    );
    const cells = isRead.readings[0]?.reading?.cell_voltages_V;
    const draft: SetupDraft = {
      batteries: [
        {
          id: 'a',
          bms: 'jbd',
          address: addressOf(1),
          proxy: 'shed',
          cells: Array.isArray(cells) ? cells.length : 0,
          capacity_Ah: 100,
        },
      ],
      strings: [['a']],
      envelope: { charge_current_A: 50, discharge_current_A: 50, cell_max_V: 3.6, cell_min_V: 2.8 },
      inverters: [{ id: 'ems', profile: 'generic-modbus', tcp: `127.0.0.1:${await freePort()}` }],
    };
    const { body } = await give(draft);
    const state = await owner.get<SetupState>('/setup');
    expect(state.body.proxy_keys).toEqual({ shed: 'typed' });
    const test = await tested(owner, body.revision);
    expect(test.findings.find(({ about }) => about === 'battery a')?.state).toBe('ok');
    expect((await owner.post('/setup/finish', body)).status).toBe(200);
    expect(await site.gateway.exited).toBe(0);

    const file = join(site.folder, 'shed.key');
    expect([readFileSync(file, 'utf8').trim(), statSync(file).mode & 0o777]).toEqual([KEY, 0o600]);
    const config = readGateway(site.config);
    expect(config.file.bluetooth.proxies).toEqual([{ ...proxies[0], key_file: file }]);
    expect(secretProblems(config)).toEqual([]);
    const said = [config.text, JSON.stringify([state, test]), ...site.gateway.lines.map(({ text }) => text)];
    for (const text of said) for (const key of [KEY, OTHER_KEY]) expect(text).not.toContain(key);
  });
});
