// Units go out of reach and come back, with short ages: the rungs, the limits and the log, as an inverter and an operator see them.
import { describe, expect, test } from 'vitest';
import { monotonicMs } from '../../src/model/freshness.ts';
import { answered, type Bank, type Seen } from './master.ts';
import { betweenRounds, type Id, ids } from './room.ts';
import { site } from './site.ts';

const FRESH_S = 6;
const LATE_S = 7;
const RAMP_S = 2;
const LOST_S = 9;
const RETURN_S = 10;
const PERIOD_S = 1;
/** To be heard, linked and read again; a bench's matter, but not for ever. */
const FOUND_S = 20;
const freshness = `{ late: ${LATE_S}s, ramp: ${RAMP_S}s, lost: ${LOST_S}s }`;

/** A string that is stale leaves the sums (bank reference, section 2.2): then the other one is what is measured. */
const strings = ['80 % 52.8 V -10 A', '60 % 52.8 V -12.5 A'];

const falls = (values: readonly number[]): boolean =>
  values.every((value, i) => i === 0 || value <= (values[i - 1] ?? value));
const different = (values: readonly number[]): number => new Set(values).size;
const bankOf = (seen: readonly Seen[]) => seen.map(({ bank }) => bank);

/** The line without its numbers: its sentence, and what it is about. */
const sentences = (lines: readonly string[]): string[] =>
  lines.map((line) =>
    line.replace(/ (?!battery=|limit=|cause=)\w+=("[^"]*"|\S+)/g, '').replace(/^\w+: /, ''),
  );

const rooms: readonly { readonly who: string; readonly hidden: readonly Id[] }[] = [
  ...ids.map((id) => ({ who: `unit ${id}`, hidden: [id] })),
  { who: 'every unit', hidden: ids },
];

describe('out of reach and back', { timeout: 300_000 }, () => {
  test.concurrent.for(rooms)(
    '$who: each rung at its time, nothing risen on the way, each change said once',
    async ({ hidden }, context) => {
      const { room, ems, gateway, isFresh } = await site(context, { freshness });
      await isFresh();
      const units = hidden.map((id) => room.units[id]);
      const before = (await ems.sees('a whole second', 5000, () => true)).bank;

      // The last line of the start: what is said from now on is of the way out and back.
      await gateway().hears(/inverter is told the bank/, 10_000);
      const heardS = (await betweenRounds(units)) / 1000;
      for (const unit of units) unit.hide();
      const hiddenMs = monotonicMs();
      const agedS = (ms: number) => ms / 1000 - heardS;
      /** An inverter that asked at this age or earlier was not told yet. */
      const untoldS = (seen: Seen) => agedS(ems.notYetMs(seen));
      const late = await ems.sees('late', 15_000, (bank) => bank.isLate);
      const stale = await ems.sees('stale', 10_000, (bank) => bank.isStale);
      const zero = await ems.sees('zero limits', 10_000, ({ cclA, dclA }) => cclA === 0 && dclA === 0);
      await gateway().hears(/bank lost/, 10_000);

      for (const unit of units) unit.show();
      const shownMs = ems.sightings.at(-1)?.atMs ?? 0;
      const back = await ems.sees('fresh again', 25_000, (bank) => !bank.isLate);
      const risen = await ems.sees('limits that rise', 5000, ({ cclA, dclA }) => cclA > 5 && dclA > 5);

      // The rungs, by the age that the map tells and by the last answer that the units gave.
      expect(late.bank.dataAgeS).toBeGreaterThanOrEqual(FRESH_S);
      expect(untoldS(late)).toBeLessThan(FRESH_S + PERIOD_S + 1);
      expect(stale.bank.dataAgeS).toBeGreaterThanOrEqual(LATE_S);
      expect(untoldS(stale)).toBeLessThan(LATE_S + PERIOD_S + 1);
      expect(untoldS(zero)).toBeLessThan(LATE_S + RAMP_S + PERIOD_S);

      const away = answered(ems.since(hiddenMs)).filter(({ atMs }) => atMs < shownMs);
      for (const { bank, askedAtMs, atMs } of away) {
        expect(bank.dataAgeS).toBeGreaterThan(agedS(askedAtMs) - 1.5);
        // Before, the oldest may be a unit that is still in reach.
        if (agedS(askedAtMs) > FRESH_S) expect(bank.dataAgeS).toBeLessThan(agedS(atMs) + 1.5);
      }
      expect(falls(bankOf(away).map(({ cclA }) => cclA))).toBe(true);
      expect(falls(bankOf(away).map(({ dclA }) => dclA))).toBe(true);
      const values = ({ socPct, voltageV, currentA }: Bank) => `${socPct} % ${voltageV} V ${currentA} A`;
      const measured = (isStale: boolean) =>
        new Set(bankOf(away).flatMap((bank) => (bank.isStale === isStale ? values(bank) : [])));
      expect(measured(false)).toEqual(new Set([values(before)]));
      for (const seen of measured(true)) expect([values(before), ...strings]).toContain(seen);
      expect(new Set(bankOf(away).map(({ cvlV }) => cvlV))).toEqual(new Set([before.cvlV]));
      const beats = (isStale: boolean) =>
        different(bankOf(away).flatMap((bank) => (bank.isStale === isStale ? bank.heartbeat : [])));
      expect(beats(true)).toBe(1);
      expect(beats(false)).toBeGreaterThan(FRESH_S - 2);
      expect(zero.bank.packsOnline).toBe(ids.length - hidden.length);
      expect(ems.since(hiddenMs).every(({ bank }) => bank)).toBe(true);

      // The way back: not sooner than ten seconds of good data, then 5 A a second.
      expect(back.atMs - shownMs).toBeGreaterThan(RETURN_S * 1000);
      expect(ems.notYetMs(back) - shownMs).toBeLessThan((RETURN_S + FOUND_S) * 1000);
      expect(risen.bank.cclA).toBeLessThanOrEqual(5 * ((risen.atMs - ems.notYetMs(back)) / 1000 + PERIOD_S));

      // The log, which may be a moment behind. How often a slow machine starts the office anew is not asked here.
      await gateway().hears(/: bank fresh/, 10_000, hiddenMs);
      const said = (pattern: RegExp) => sentences(gateway().said(pattern, hiddenMs));
      for (const id of ids) {
        const rungs = ['late', 'stale', 'lost', 'back'].map((rung) => `battery ${rung} battery=${id}`);
        const isHidden = hidden.includes(id);
        expect(said(new RegExp(`: battery (fresh|late|stale|lost|back) battery=${id}`))).toEqual(
          isHidden ? rungs : [],
        );
        const losses = said(new RegExp(`link to battery lost battery=${id}`));
        // Nobody tries to connect a unit that is not heard.
        expect(losses).toHaveLength(isHidden ? 1 : 0);
      }
      expect(said(/: bank /)).toEqual([
        'bank late: limits may only fall',
        'bank stale: inverters are told so, limits fall to zero',
        'bank lost: inverters are told what their profile says',
        'bank fresh',
      ]);
      const once = said(/^(?!gateway: office)/);
      expect(once.length).toBe(new Set(once).size);
    },
  );
});
