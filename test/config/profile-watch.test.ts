import {
  cpSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { shippedProfiles } from '../../src/config/profile-paths.ts';
import { proveAside, proveHere } from '../../src/config/profile-proof.ts';
import { type Offer, type Refusal, watchProfiles } from '../../src/config/profile-watch.ts';
import type { SignalValues } from '../../src/model/signals.ts';
import { loadConfiguration } from './planned.ts';

const gateway = (...inverters: string[]) => `batteries:
  - { id: a, bms: jbd, address: "A4:C1:38:00:00:01", cells: 16 }
bank:
  strings: [[a]]
  envelope: { charge_current_A: 100, discharge_current_A: 150, cell_max_V: 3.60, cell_min_V: 2.80 }
inverters:
${inverters.map((line) => `  - { ${line} }\n`).join('')}`;
const own = 'id: own, profile: ./own.yaml, can: can1';
const live: SignalValues = {};

let folder: string;
const file = () => join(folder, 'gateway.yaml');
const ownProfile = () => join(folder, 'own.yaml');
const text = () => readFileSync(ownProfile(), 'utf8');

/** As somebody leaves it a minute later. */
function save(path: string, content: string): void {
  const before = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
  writeFileSync(path, content);
  utimesSync(path, new Date(), new Date(before + 60_000));
}
const edit = (from: string, to: string) => save(ownProfile(), text().replace(from, to));

/** The gateway as it was started, and the looks at its profiles from then on. */
function watching(...inverters: string[]) {
  writeFileSync(file(), gateway(...inverters));
  const { swaps } = loadConfiguration(file());
  const watch = watchProfiles(swaps.watched, proveHere);
  return { swaps, keep: watch.keep, look: () => watch.look(live) };
}
type Look = () => Promise<readonly (Offer | Refusal)[]>;
const told = (news: readonly (Offer | Refusal)[]) =>
  news.map((n) => (n.type === 'offer' ? `${n.inverter} ${n.profile.can?.every ?? n.profile.id}` : n.why));
/** What comes of a change once the file lies still. */
const settled = async (look: Look) => told([await look(), await look(), await look()].flat());

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bmsgate-watch-'));
  vi.stubEnv('STATE_DIRECTORY', join(folder, 'state'));
  cpSync(join(shippedProfiles, 'pylontech-lv.yaml'), ownProfile());
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('the profile of a served inverter', () => {
  test('that nobody touches is never offered, nor one that was only written again', async () => {
    const { look } = watching(own);
    expect(await settled(look)).toEqual([]);
    edit('x', 'x');
    expect(await settled(look)).toEqual([]);
  });

  test('that was written anew is offered once, when it lay still for one look', async () => {
    const { look } = watching(own);
    await look();
    await look();
    edit('every: 1s', 'every: 2s');
    expect(await look()).toEqual([]);
    expect(told(await look())).toEqual(['own 2000']);
    expect(await look()).toEqual([]);
  });

  test('that is written in two halves is not taken half', async () => {
    const { look } = watching(own);
    await look();
    await look();
    const whole = text().replace('every: 1s', 'every: 2s');
    save(ownProfile(), whole.slice(0, 3000));
    expect(await look()).toEqual([]);
    save(ownProfile(), whole);
    expect(await look()).toEqual([]);
    expect(told(await look())).toEqual(['own 2000']);
  });

  test('that was changed between the start and the first look is offered', async () => {
    const { look } = watching(own);
    edit('every: 1s', 'every: 2s');
    expect(await settled(look)).toEqual(['own 2000']);
  });

  test('that a program replaces by another file is offered', async () => {
    const { look } = watching(own);
    await settled(look);
    writeFileSync(join(folder, 'new'), text().replace('every: 1s', 'every: 2s'));
    renameSync(join(folder, 'new'), ownProfile());
    expect(await settled(look)).toEqual(['own 2000']);
  });

  test('that is wrong is refused with its first mistake, once, and offered when it is mended', async () => {
    const { look } = watching(own);
    edit('every: 1s', 'every: soon');
    expect(await settled(look)).toEqual([expect.stringMatching(/own\.yaml:\d+:\d+: this is no time span/)]);
    expect(await settled(look)).toEqual([]);
    edit('every: soon', 'every: 2s');
    expect(await settled(look)).toEqual(['own 2000']);
  });

  test('that does not match its own examples any more is refused', async () => {
    const { look } = watching(own);
    edit('scale: 0.01, from: voltage_V', 'scale: 0.1, from: voltage_V');
    expect(await settled(look)).toEqual([expect.stringContaining('the example does not match')]);
  });

  test('that does not take a setting of the installer any more is refused', async () => {
    const { look } = watching(own.replace('can:', 'options: { stale_sign: protection }, can:'));
    edit('values: [warning, protection]', 'values: [warning, protect]');
    save(ownProfile(), text().replaceAll('stale_sign: protection', 'stale_sign: protect'));
    expect(await settled(look)).toEqual([expect.stringContaining('option `stale_sign` is `protection`')]);
  });

  test('that is gone is refused in one sentence', async () => {
    const { look } = watching(own);
    rmSync(ownProfile());
    expect(await settled(look)).toEqual([`${ownProfile()}: there is no such file; correct the path`]);
  });

  test('that was put back as it was is offered, for the wires may have dropped it', async () => {
    const { look } = watching(own);
    const before = text();
    edit('every: 1s', 'every: soon');
    await settled(look);
    save(ownProfile(), before);
    expect(await settled(look)).toEqual(['own 1000']);
  });

  test('whose good copy runs since the start is not refused again, and offered when it is mended', async () => {
    watching(own);
    edit('every: 1s', 'every: soon');
    const { look } = watching(own);
    expect(await settled(look)).toEqual([]);
    edit('every: soon', 'every: 1s');
    expect(await settled(look)).toEqual(['own 1000']);
  });

  test('becomes the good copy when it has stood its trial, and not before', async () => {
    const copy = () => readFileSync(join(folder, 'state/good/profiles/own.yaml'), 'utf8');
    const { look, keep } = watching(own);
    await look();
    await look();
    edit('every: 1s', 'every: 2s');
    const [offer] = [await look(), await look()].flat();
    if (offer?.type !== 'offer') throw new Error('it is offered');
    expect(copy()).toContain('every: 1s');
    keep('own', 'another');
    expect(copy()).toContain('every: 1s');
    keep('own', offer.textHash);
    expect(copy()).toContain('every: 2s');
  });
});

describe('a base', () => {
  const base = () => join(folder, 'family.yaml');
  beforeEach(() => {
    renameSync(ownProfile(), base());
    writeFileSync(
      ownProfile(),
      `id: own
version: '1.0.0'
title: One
base: family
inverters: [{ brand: B, models: all }]
evidence: field
examples: [{ given: { }, then: { 0x35E: '50 59 4C 4F 4E 20 20 20' } }]
`,
    );
  });

  test('that was written anew offers the profile that stands on it', async () => {
    const { look } = watching(own);
    expect(await settled(look)).toEqual([]);
    save(base(), readFileSync(base(), 'utf8').replace('every: 1s', 'every: 2s'));
    expect(await settled(look)).toEqual(['own 2000']);
  });
});

describe('the plan under another profile', () => {
  const house = 'id: house, profile: pylontech-lv, can: can0';

  test('is on the same wire, and is refused where it cannot share it', async () => {
    save(ownProfile(), text().replaceAll('0x35', '0x45'));
    const { swaps, look } = watching(house, own.replace('can1', 'can0'));
    await settled(look);
    edit('every: 1s', 'every: 2s');
    const [offer] = [await look(), await look()].flat();
    if (offer?.type !== 'offer') throw new Error('it is offered');
    expect(swaps.planned(offer)).toMatchObject({
      id: 'own',
      wire: { name: 'can0' },
      textHash: offer.textHash,
    });
    save(ownProfile(), text().replaceAll('0x45', '0x35'));
    const [clash] = [await look(), await look()].flat();
    if (clash?.type !== 'offer') throw new Error('it is offered');
    expect(swaps.planned(clash)).toBe(
      '`own` and `house` share can0, and both send frame 0x351; give one of them another CAN interface',
    );
    expect(swaps.planned({ ...clash, inverter: 'nobody' })).toBe('inverter `nobody` is not served');
  });

  test('of another bus is refused', async () => {
    const { swaps, look } = watching(own);
    await settled(look);
    save(ownProfile(), readFileSync(join(shippedProfiles, 'generic-modbus.yaml'), 'utf8'));
    const [offer] = [await look(), await look()].flat();
    if (offer?.type !== 'offer') throw new Error('it is offered');
    expect(swaps.planned(offer)).toBe('profile `generic-modbus` speaks Modbus; give `serial` or `tcp`');
  });
});

describe('a proof in a thread of its own', () => {
  const asked = () => ({ named: ownProfile(), settings: {}, live });

  test('finds what a proof here finds', async () => {
    expect(await proveAside(asked())).toEqual(await proveHere(asked()));
    edit('every: 1s', 'every: soon');
    expect(await proveAside(asked())).toEqual(await proveHere(asked()));
  });

  test('that takes too long is given up with a sentence', async () => {
    expect(await proveAside(asked(), 0)).toEqual({
      why: `${ownProfile()}: it is too heavy to be proven; take out what is not needed`,
    });
  });

  test('is begun by nobody while another goes on', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let begun = 0;
    writeFileSync(file(), gateway(own));
    const { look } = watchProfiles(loadConfiguration(file()).swaps.watched, async (what) => {
      begun++;
      await promise;
      return proveHere(what);
    });
    await look(live);
    const first = look(live);
    expect(await look(live)).toEqual([]);
    resolve();
    await first;
    expect(begun).toBe(1);
  });
});
