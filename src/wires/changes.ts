import type { BankState, PackState } from '../model/bank-state.ts';
import type { Freshness } from '../model/freshness.ts';

/** One line of the log: a change of state, with its fields. */
export interface Change {
  readonly level: 'notice' | 'warn' | 'error';
  readonly text: string;
  readonly fields: Readonly<Record<string, string | number | undefined>>;
}

const ageS = (atMs: number | undefined, nowMs: number): number | undefined =>
  atMs === undefined ? undefined : Math.round((nowMs - atMs) / 100) / 10;

const urgency: { readonly [R in Freshness]: Change['level'] } = {
  never: 'notice',
  fresh: 'notice',
  late: 'notice',
  stale: 'warn',
  lost: 'error',
};

const packWords: { readonly [R in Freshness]: string } = {
  never: 'battery not heard yet',
  fresh: 'battery fresh',
  late: 'battery late',
  stale: 'battery stale',
  lost: 'battery lost',
};

const bankWords: { readonly [R in Freshness]: string } = {
  never: 'bank not complete: inverters are told nothing',
  fresh: 'bank fresh',
  late: 'bank late: limits may only fall',
  stale: 'bank stale: inverters are told so, limits fall to zero',
  lost: 'bank lost: inverters are told what their profile says',
};

function packChanges(before: PackState | undefined, now: PackState, nowMs: number): Change[] {
  const fields = { battery: now.id, ageS: ageS(now.sampleAtMs, nowMs) };
  const was = before?.freshness ?? 'never';
  const back = now.freshness === 'fresh' && (was === 'stale' || was === 'lost');
  if (was === now.freshness) return [];
  return [{ level: urgency[now.freshness], text: back ? 'battery back' : packWords[now.freshness], fields }];
}

const added = <T>(now: readonly T[] = [], before: readonly T[] = []): readonly T[] =>
  now.filter((item) => !before.includes(item));

function alarmChanges(before: BankState | undefined, now: BankState): Change[] {
  const [is, was] = [now.signals, before?.signals];
  return [
    ...added(is.alarms, was?.alarms).map((alarm) => ({
      level: 'error' as const,
      text: 'alarm',
      fields: { alarm },
    })),
    ...added(was?.alarms, is.alarms).map((alarm) => ({
      level: 'notice' as const,
      text: 'alarm gone',
      fields: { alarm },
    })),
    ...added(is.warnings, was?.warnings)
      .filter((name) => !is.alarms?.includes(name))
      .map((warning) => ({ level: 'warn' as const, text: 'warning', fields: { warning } })),
    ...added(now.notices, before?.notices).map((notice) => ({
      level: 'notice' as const,
      text: notice,
      fields: {},
    })),
  ];
}

/** What an operator should read of the step from one evaluation to the next; nothing when nothing changed. */
export function changesBetween(before: BankState | undefined, now: BankState): Change[] {
  const nowMs = now.evaluatedAtMs;
  const was = before?.freshness ?? 'never';
  return [
    ...now.packs.flatMap((pack) =>
      packChanges(
        before?.packs.find((p) => p.id === pack.id),
        pack,
        nowMs,
      ),
    ),
    ...(was === now.freshness
      ? []
      : [
          {
            level: urgency[now.freshness],
            text: bankWords[now.freshness],
            fields: { ageS: ageS(now.sampleAtMs, nowMs) },
          },
        ]),
    ...alarmChanges(before, now),
  ];
}
