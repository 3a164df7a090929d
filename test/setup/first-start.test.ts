// From an empty folder to an inverter that reads the bank, by the API that the wizard speaks.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SetupDraft, SetupState } from '../../src/model/api/setup.ts';
import type { SetupAir } from '../../src/model/api/setup-air.ts';
import { watch } from '../house/master.ts';
import { childrenOf } from '../house/process.ts';
import { addressOf, ids } from '../house/room.ts';
import { freePort, gatewayFile } from '../house/site.ts';
import { until } from '../house/until.ts';
import { air, claimed, PASSWORD, revisionOf, tested } from './owner.ts';
import { type Phone, phone } from './phone.ts';
import { type SetupSite, setupSite } from './setup-site.ts';

const wishes = ids.map((id) => ({ bms: 'jbd', address: addressOf(id).toUpperCase() }));

const draftFor = (port: number): SetupDraft => ({
  batteries: ids.map((id, i) => ({ id, ...wishes[i], bms: 'jbd', cells: 8, capacity_Ah: 100 })),
  strings: [
    ['a', 'b'],
    ['c', 'd'],
  ],
  chemistry: 'lfp',
  envelope: { charge_current_A: 100, discharge_current_A: 100, cell_max_V: 3.6, cell_min_V: 2.8 },
  inverters: [{ id: 'ems', profile: 'generic-modbus', tcp: `127.0.0.1:${port}` }],
  has_history: true,
});

describe('a first start', { timeout: 300_000, concurrent: true }, () => {
  test('goes from an empty folder to an inverter that reads the bank', async (context) => {
    const site = await setupSite(context);
    const { room, config, port, url, gateway } = site;
    const owner = await claimed(site);
    const heard = await air(owner, 'all units are heard', ({ units }) => units.length === ids.length);
    expect(heard.units[0]).toMatchObject({ bms: 'jbd', name: expect.stringMatching(/^JBD-/) });

    await owner.post('/setup/read', { units: wishes });
    const isRead = ({ readings }: SetupAir) => readings.every(({ state }) => state === 'read');
    const { readings } = await air(owner, 'all units are read', isRead, false);
    expect(readings[0]?.reading).toMatchObject({ nominal_capacity_Ah: 100, soc_pct: 80 });

    const tcp = await freePort();
    const ems = watch(tcp);
    context.onTestFinished(ems.stop);
    const draft = { ...draftFor(tcp), listen: `127.0.0.1:${port}` };
    const revision = await revisionOf(owner);
    const changed = await owner.post<{ revision: number }>('/setup/draft', { revision, draft });
    const test = await tested(owner, changed.body.revision);
    expect(test.findings.filter(({ about }) => about.startsWith('battery'))).toEqual(
      ids.map((id) => ({ about: `battery ${id}`, state: 'ok', is: expect.stringContaining('8 cells') })),
    );
    expect(test.bank?.limits.charge_current_limit_A).toMatchObject({ value: 95 });
    expect(ems.sightings.some(({ bank }) => bank)).toBe(false);

    const finished = await owner.post('/setup/finish', { revision: changed.body.revision });
    expect(finished).toEqual({ status: 200, body: { path: config } });
    await ems.sees(
      'the bank as the units tell it',
      30_000,
      ({ packsOnline, socPct }) => packsOnline === 4 && socPct === 70,
    );
    expect(readFileSync(config, 'utf8')).toContain('strings: [[a, b], [c, d]]');
    expect(statSync(config).mode & 0o007).toBe(0);
    expect(childrenOf(gateway.pid).some(({ command }) => command.includes('firststart'))).toBe(false);
    room.hideAll();

    const again = phone(url);
    const login = await until('the gateway serves the page', 30_000, () =>
      again.post('/login', { name: 'installer', password: PASSWORD }).catch(() => undefined),
    );
    expect(login).toMatchObject({
      status: 200,
      body: { is_claimed: true, is_setup: false, role: 'installer' },
    });
  });

  test('keeps its owner where the file that is there already keeps the accounts', async (context) => {
    let elsewhere = '';
    const prepare = (folder: string) => {
      elsewhere = join(folder, 'people.json');
      const web = `web: { listen: "127.0.0.1:${port}", accounts: ${elsewhere} }`;
      writeFileSync(join(folder, 'gateway.yaml'), gatewayFile(tcp, { more: web }));
    };
    const [port, tcp] = await Promise.all([freePort(), freePort()]);
    const site = await setupSite(context, { prepare });
    await claimed(site);
    expect(JSON.parse(readFileSync(elsewhere, 'utf8'))).toMatchObject({ accounts: [{ role: 'installer' }] });
    expect(existsSync(join(site.folder, 'state', 'accounts.json'))).toBe(false);
  });

  test('says what mends a battery that does not answer, and that another number of cells is wrong', async (context) => {
    const site = await setupSite(context);
    site.room.units.d.hide();
    const owner = await claimed(site);
    const draft = draftFor(await freePort());
    const batteries = (draft.batteries ?? []).map((b) => ({ ...b, cells: 7 }));
    const { body } = await owner.post<{ revision: number }>('/setup/draft', {
      revision: await revisionOf(owner),
      draft: { ...draft, batteries },
    });
    const { findings, bank } = await tested(owner, body.revision);
    const of = (id: string) => findings.find(({ about }) => about === `battery ${id}`);
    expect(of('a')).toMatchObject({ state: 'broken', is: 'reports 8 cells, 7 are written' });
    expect(of('d')).toMatchObject({ state: 'broken', mend: expect.stringContaining('close the app') });
    expect(bank).toBeUndefined();
  });

  test('begins from the file that is there, keeps what people wrote in it, and ends where others start the gateway', async (context) => {
    const tcp = await freePort();
    const prepare = (folder: string) =>
      writeFileSync(
        join(folder, 'gateway.yaml'),
        `# our cellar\n${gatewayFile(tcp, { more: 'control: true # by hand' })}`,
      );
    const site = await setupSite(context, { prepare, args: ['--write-only'] });
    const owner = await claimed(site);
    const { body } = await owner.get<SetupState>('/setup');
    expect(body).toMatchObject({
      is_edit: true,
      draft: {
        strings: [
          ['a', 'b'],
          ['c', 'd'],
        ],
      },
    });
    const draft = { ...body.draft, has_history: true };
    const { revision } = (
      await owner.post<{ revision: number }>('/setup/draft', { revision: body.revision, draft })
    ).body;
    await tested(owner, revision);
    expect((await owner.post('/setup/finish', { revision })).status).toBe(200);
    expect(await site.gateway.exited).toBe(0);
    const text = readFileSync(site.config, 'utf8');
    expect(text).toContain('# our cellar');
    expect(text).toContain('control: true # by hand');
    expect(readFileSync(`${site.config}.before`, 'utf8')).not.toContain('history:');
  });
});

describe('a first start before anything is written', { timeout: 300_000 }, () => {
  let site: SetupSite;
  let owner: Phone;
  const ends: (() => void | Promise<void>)[] = [];
  beforeAll(async () => {
    site = await setupSite({ onTestFinished: (end) => void ends.unshift(end), onTestFailed() {} });
  }, 300_000);
  afterAll(async () => {
    for (const end of ends) await end();
  });

  test('gives nothing away before the claim, and has one owner', async () => {
    await site.code();
    const stranger = phone(site.url);
    for (const path of ['/setup', '/setup/air', '/setup/test'])
      expect([path, (await stranger.get(path)).status]).toEqual([path, 401]);
    for (const path of ['scan', 'read', 'draft', 'test', 'finish'])
      expect([path, (await stranger.post(`/setup/${path}`, {})).status]).toEqual([path, 401]);
    expect((await stranger.get('/session')).body).toMatchObject({ is_claimed: false, is_setup: true });
    owner = await claimed(site);
    const late = await stranger.post<{ why: string }>('/claim', { code: '000000', password: PASSWORD });
    expect([late.status, late.body.why]).toEqual([409, expect.stringContaining('owner already')]);
  });

  test('names the other phone instead of losing what it chose', async () => {
    const revision = await revisionOf(owner);
    expect((await owner.post('/setup/draft', { revision, draft: { chemistry: 'nmc' } })).status).toBe(200);
    const lost = await owner.post<{ why: string }>('/setup/draft', { revision, draft: { chemistry: 'lto' } });
    expect([lost.status, lost.body.why]).toEqual([
      409,
      expect.stringMatching(/^installer changed the setup/),
    ]);
    expect((await owner.get<SetupState>('/setup')).body.draft).toEqual({ chemistry: 'nmc' });
  });

  test('refuses what is no draft, what is not whole, and what was not tested', async () => {
    const revision = await revisionOf(owner);
    const bad: readonly unknown[] = [
      { chemistry: 7 },
      { batteries: [{ id: 'a', bms: 'jbd', cells: 99 }] },
      { batteries: [{ id: 'a b', bms: 'jbd', cells: 8 }] },
      { batteries: [{ id: 'a', bms: 'jbd', cells: 8, address: '.*' }] },
      { control: true },
    ];
    for (const draft of bad)
      expect([draft, (await owner.post('/setup/draft', { revision, draft })).status]).toEqual([draft, 400]);
    const read = await owner.post<{ why: string }>('/setup/read', {
      units: [{ bms: 'tesla', address: addressOf('a') }],
    });
    expect([read.status, read.body.why]).toEqual([409, expect.stringMatching(/^BMS `tesla` is not known/)]);
    expect(await owner.post('/setup/finish', { revision })).toMatchObject({
      status: 409,
      body: { why: 'no battery is chosen yet; go back to the batteries' },
    });
    const draft = draftFor(1502);
    const { body } = await owner.post<{ revision: number }>('/setup/draft', { revision, draft });
    expect(await owner.post('/setup/finish', { revision: body.revision })).toMatchObject({ status: 409 });
    expect(() => statSync(site.config)).toThrow();
  });

  test('ends a scan that nobody looks at any more', async () => {
    await air(owner, 'it scans', ({ state }) => state === 'scanning');
    const scouts = () =>
      childrenOf(site.gateway.pid)
        .flatMap(({ pid }) => childrenOf(pid))
        .filter(({ command }) => command.includes('scout'));
    expect(scouts()).toHaveLength(1);
    await until('nobody scans', 20_000, () => scouts().length === 0);
    expect((await owner.get<SetupAir>('/setup/air')).body.state).toBe('idle');
  });
});
