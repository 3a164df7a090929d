// The gateway is killed and started again: it goes on at the true age of its data, and never forgets that it was stale.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { monotonicMs } from '../../src/model/freshness.ts';
import { httpServer } from '../alerts/servers.ts';
import { longestGapMs, watchStalls } from '../stalls.ts';
import { answered } from './master.ts';
import { childrenOf, isAlive } from './process.ts';
import { betweenRounds, ids } from './room.ts';
import { type Site, site } from './site.ts';
import { until } from './until.ts';

/** The default age. */
const STALE_S = 15;

/** Without a chance to tidy up. Resolves when the process and its children are gone, with a moment behind its last answer. */
async function killGateway({ gateway, ems }: Site): Promise<number> {
  const { pid, signal, exited } = gateway();
  const children = await until('ear and office', 20_000, () => {
    const all = childrenOf(pid);
    return all.length === 2 && all;
  });
  signal('SIGKILL');
  await exited;
  await until('its children end with it', 10_000, () => !children.some((child) => isAlive(child.pid)));
  const goneMs = monotonicMs();
  // An answer may still have been underway.
  const alone = await until('a question to nobody', 10_000, () =>
    ems.sightings.find(({ askedAtMs, bank }) => askedAtMs > goneMs && !bank),
  );
  return alone.atMs;
}

/** What it left last on the disk is a bank that was fresh: on a busy machine its first words come later than its first answer. */
const leavesFresh = ({ folder }: Site) =>
  until('the fresh bank on the disk', 20_000, () => {
    const path = join(folder, 'run', 'last.json');
    return existsSync(path) && JSON.parse(readFileSync(path, 'utf8')).state.freshness === 'fresh';
  });

const anAnswer = async (ems: Site['ems']) => (await ems.sees('an answer', 5000, () => true)).bank;

/** Killed and started again; from the first answer to the first fresh one. */
async function restarted(here: Site) {
  const { room, ems, startAgain } = here;
  await leavesFresh(here);
  const killedMs = await killGateway(here);
  const heardMs = Math.min(...ids.map((id) => room.units[id].answeredAtMs()));
  // Else a quick ear may have read them before the first question.
  room.hideAll();
  startAgain();
  const first = await ems.sees('an answer of the new process', 20_000, () => true, killedMs);
  room.showAll();
  const back = await ems.sees('fresh again', 20_000, (bank) => !bank.isLate);
  return { first, back, heardMs, killedMs };
}

describe('after a kill -9', { timeout: 300_000 }, () => {
  test.concurrent('while the bank is lost, hold goes on at the true age, nobody is alerted again, and the way back is as long as ever', async (context) => {
    const { heard, url } = await httpServer((_, response) => response.writeHead(200).end(), context);
    const alerted = () => heard.map(({ body }) => JSON.parse(body)).map(({ id, phase }) => `${id} ${phase}`);
    const here = await site(context, {
      freshness: '{ late: 4s, ramp: 1s, lost: 5s }',
      logs: true,
      more: `alerts: [{ id: desk, webhook: "${url}/x", kinds: [bank_lost] }]`,
    });
    const { room, ems, gateway, startAgain, isFresh, folder } = here;
    const kept = (file: string) => {
      const path = join(folder, 'state', file);
      return existsSync(path) ? readFileSync(path, 'utf8') : '';
    };
    await isFresh();
    const heardMs = await betweenRounds(ids.map((id) => room.units[id]));
    room.hideAll();
    await gateway().hears(/bank lost/, 20_000);
    const id = await until('it is told, and that is kept', 20_000, () => {
      const told = alerted().at(-1)?.split(' ')[0];
      const isTold = kept('alerts.json').includes(`{"id":"${told}","over":false}`);
      return isTold && kept('events.json').includes(`"id":"${told}"`) && told;
    });
    const toldBefore = alerted().length;
    const killedMs = await killGateway(here);
    startAgain();
    const first = await ems.sees('an answer of the new process', 20_000, () => true, killedMs);
    await ems.sees('a second more', 10_000, (_, atMs) => atMs > first.atMs + 1000);
    room.showAll();
    const shownMs = ems.sightings.at(-1)?.atMs ?? 0;
    const back = await ems.sees('fresh again', 30_000, (bank) => !bank.isLate);

    const held = answered(ems.since(killedMs)).filter(({ atMs }) => atMs < back.atMs);
    for (const { bank } of held)
      expect(bank).toMatchObject({
        isLate: true,
        isStale: true,
        cclA: 0,
        dclA: 0,
        heartbeat: first.bank.heartbeat,
      });
    for (const { bank, askedAtMs, atMs } of held.filter((seen) => seen.atMs < shownMs)) {
      expect(bank.dataAgeS).toBeGreaterThan((askedAtMs - heardMs) / 1000 - 1.5);
      expect(bank.dataAgeS).toBeLessThan((atMs - heardMs) / 1000 + 1.5);
    }
    expect(back.atMs - shownMs).toBeGreaterThan(10_000);
    await gateway().hears(/: bank fresh/, 10_000);
    expect(gateway().said(/going on from the state before the restart freshness=lost/)).toHaveLength(1);
    expect(gateway().said(/: bank fresh/)).toHaveLength(1);
    await until('its end is told', 20_000, () => alerted().length > toldBefore);
    expect(alerted().slice(toldBefore - 1)).toEqual([`${id} begin`, `${id} end`]);
  });

  test.concurrent('while the bank is fresh, it goes on as late, then fresh, and nothing in between', async (context) => {
    const here = await site(context, { logs: true });
    const { ems, gateway, isFresh } = here;
    await isFresh();
    const stalls = watchStalls();
    let [before, restart] = [await anAnswer(ems), await restarted(here)];
    // A restart that takes longer than data is good for goes on as stale, rightly: then the machine was too slow for this sentence.
    for (let again = 0; again < 3 && restart.first.bank.dataAgeS >= STALE_S; again++)
      [before, restart] = [await anAnswer(ems), await restarted(here)];
    const { first, back, heardMs, killedMs } = restart;

    expect(first.bank).toMatchObject({ isLate: true, isStale: false, cclA: before.cclA, dclA: before.dclA });
    expect(first.bank.dataAgeS).toBeGreaterThan((first.askedAtMs - heardMs) / 1000 - 2.5);
    expect(first.bank.dataAgeS).toBeLessThan((first.atMs - heardMs) / 1000 + 2.5);
    for (const { bank } of answered(ems.since(killedMs)))
      expect(bank).toMatchObject({ isStale: false, socPct: before.socPct, cclA: before.cclA });
    await gateway().hears(/: bank fresh/, 10_000);
    expect(gateway().said(/: bank /)).toEqual([
      expect.stringMatching('bank late'),
      expect.stringMatching('bank fresh'),
    ]);
    const gapMs = longestGapMs(
      answered(ems.sightings).map(({ atMs }) => atMs),
      stalls,
    );
    stalls.stop();
    console.log(
      `killed while fresh: ${Math.round(gapMs)} ms without an answer, fresh after ${Math.round(back.atMs - killedMs)} ms`,
    );
  });
});
