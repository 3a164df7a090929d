// What an owner does with the API that the wizard speaks, step by step.
import { expect } from 'vitest';
import type { SetupState, SetupTest } from '../../src/model/api/setup.ts';
import type { SetupAir } from '../../src/model/api/setup-air.ts';
import { until } from '../house/until.ts';
import { type Phone, phone } from './phone.ts';
import type { SetupSite } from './setup-site.ts';

export const PASSWORD = 'cellar door 2026';

export async function claimed({ url, code }: SetupSite): Promise<Phone> {
  const owner = phone(url);
  const answer = await owner.post('/claim', { code: await code(), password: PASSWORD });
  expect(answer.status).toBe(200);
  return owner;
}

export const air = (owner: Phone, what: string, fits: (air: SetupAir) => boolean, isScanning = true) =>
  until(what, 30_000, async () => {
    const { status, body } = isScanning
      ? await owner.post<SetupAir>('/setup/scan', {})
      : await owner.get<SetupAir>('/setup/air');
    // Who asks so often is told to wait, now and then.
    return status === 200 && fits(body) && body;
  });

export const revisionOf = async (owner: Phone): Promise<number> =>
  (await owner.get<SetupState>('/setup')).body.revision;

export async function tested(owner: Phone, revision: number): Promise<SetupTest> {
  expect((await owner.post('/setup/test', { revision })).status).toBe(200);
  return until('the self-test has ended', 60_000, async () => {
    const { status, body } = await owner.get<SetupTest>('/setup/test');
    return status === 200 && body.state === 'done' && body;
  });
}
