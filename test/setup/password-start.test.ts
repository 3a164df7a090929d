// A battery that says nothing until it hears a password: from its silence to a gateway file that reads it.
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { jbdAnswer } from '../../src/bms/jbd-unit.ts';
import { readGateway } from '../../src/config/gateway-file.ts';
import { secretProblems } from '../../src/config/secrets.ts';
import type { SetupDraft } from '../../src/model/api/setup.ts';
import { addressOf, told } from '../house/room.ts';
import { freePort } from '../house/site.ts';
import { until } from '../house/until.ts';
import { locked } from './locked.ts';
import { air, claimed, revisionOf, tested } from './owner.ts';
import { setupSite } from './setup-site.ts';

describe('a first start', { timeout: 300_000 }, () => {
  test('reads a battery with a password, and keeps the right one where the gateway alone reads it', async (context) => {
    const site = await setupSite(context, { args: ['--write-only'] });
    const { units } = site.room;
    const address = addressOf('d');
    const module = locked(address, '123123', (request) => jbdAnswer(told.d, request));
    units.d.answerWith(module.answer);
    const owner = await claimed(site);
    const wish = { bms: 'jbd', address };
    const become = (state: string, password: string) =>
      air(
        owner,
        `it is ${state} and its password ${password}`,
        ({ readings: [reading] }) => reading?.state === state && reading.password === password,
        false,
      );
    const say = (password: string) => owner.post('/setup/read', { units: [{ ...wish, password }] });

    await owner.post('/setup/read', { units: [wish] });
    await become('waiting', 'wanted');
    expect((await say('1234')).status).toBe(409);
    await say('000000');
    await become('failed', 'refused');
    const asked = units.d.askedAtMs.length;
    await owner.post('/setup/read', { units: [wish] });
    await until('it is asked in plain words again', 30_000, () => units.d.askedAtMs.length > asked);
    await become('waiting', 'refused');
    await say('123123');
    const answers = [await become('read', 'typed')];

    module.lock();
    const draft: SetupDraft = {
      batteries: [{ id: 'd', bms: 'jbd', address, cells: 8, capacity_Ah: 100 }],
      strings: [['d']],
      envelope: { charge_current_A: 50, discharge_current_A: 50, cell_max_V: 3.6, cell_min_V: 2.8 },
      inverters: [{ id: 'ems', profile: 'generic-modbus', tcp: `127.0.0.1:${await freePort()}` }],
    };
    const { body } = await owner.post<{ revision: number }>('/setup/draft', {
      revision: await revisionOf(owner),
      draft,
    });
    const test = await tested(owner, body.revision);
    expect(test.findings.find(({ about }) => about === 'battery d')?.state).toBe('ok');
    expect((await owner.post('/setup/finish', body)).status).toBe(200);
    expect(await site.gateway.exited).toBe(0);

    expect(module.told()).toEqual({ all: 3, wrong: 1 });
    const file = join(site.folder, 'd-password');
    expect([readFileSync(file, 'utf8').trim(), statSync(file).mode & 0o777]).toEqual(['123123', 0o600]);
    const { file: written } = readGateway(site.config);
    expect(written.batteries[0]?.password_file).toBe(file);
    expect(secretProblems(readGateway(site.config))).toEqual([]);
    const said = [readFileSync(site.config, 'utf8'), ...site.gateway.lines.map(({ text }) => text)];
    for (const text of [...said, JSON.stringify([answers, test])]) expect(text).not.toMatch(/123123|000000/);
  });
});
