// Every reason that any bank may have, as a sentence of the page.
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { LiveBank, LiveReason } from '../../src/model/api/live.ts';
import { liveDocument } from '../../src/office/live-document.ts';
import { DASH } from '../../src/page/format.ts';
import { causeText, whyText } from '../../src/page/limits/why.ts';
import { language } from '../../src/page/preferences.ts';
import { t } from '../../src/page/words/words.ts';
import { anyConfig, anyLifetime, patience, runs } from '../bank/any-bank.ts';
import { dayOf, live } from '../bank/any-day.ts';
import { anyhow } from '../bank/any-reading.ts';

vi.setConfig(patience);

const unseen = { shown: () => ({}), trips: () => [] };

/** What a sentence about it must not lack. */
function faultsIn(text: string, { rule, pack, cell }: LiveReason): string[] {
  const isNamed = (name: string) => text.includes(name);
  return [
    ...(/undefined|null|NaN|\{|\}/.test(text) || text.includes(DASH) ? ['has a hole'] : []),
    ...(text === t('rule.other', { rule }) ? ['has no words'] : []),
    ...(pack !== undefined && !isNamed(pack) ? ['does not name its battery'] : []),
    ...(cell !== undefined && !isNamed(String(cell)) ? ['does not name its cell'] : []),
  ].map((fault) => `${language.value} ${rule}: ${text} ${fault}`);
}

function faultsOf({ reasons, signals }: LiveBank): string[] {
  const names = Object.keys(reasons) as (keyof typeof reasons)[];
  return names.flatMap((limit) => {
    const value = signals[limit];
    return reasons[limit].flatMap((reason) => [
      ...faultsIn(causeText(reason), reason),
      ...(typeof value === 'number' && whyText(limit, value, [reason]).includes(DASH)
        ? [`${limit} has a hole`]
        : []),
    ]);
  });
}

describe('in any day of any bank', () => {
  test('each reason is a sentence in both languages that names its battery and its cell', () => {
    fc.assert(
      fc.property(anyConfig, anyLifetime, dayOf(anyhow, 24), (config, lifetime, day) =>
        live(day, config, lifetime, ({ now }) => {
          const { bank } = liveDocument(now, undefined, unseen);
          for (const tongue of ['en', 'de'] as const) {
            language.value = tongue;
            expect(bank ? faultsOf(bank) : []).toEqual([]);
          }
        }),
      ),
      runs(150),
    );
  });
});
