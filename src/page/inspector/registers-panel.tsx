// The register table as an inverter sees it.
import { useEffect, useState } from 'preact/hooks';
import { addressText } from '../../profile/describe.ts';
import { DASH, durationText } from '../format.ts';
import { ageMs } from '../live/age.ts';
import { nowMs } from '../live/connection.ts';
import { Badge } from '../parts/badge.tsx';
import { Empty, Spinner } from '../parts/empty.tsx';
import { Check, Select } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { site } from '../session/session.ts';
import { t } from '../words/words.ts';
import { Lines } from './decoded-rows.tsx';
import { explained } from './explained-profiles.ts';
import { type RegisterRow, registerRows } from './registers.ts';
import { StreamNote } from './stream-note.tsx';
import { seen, seenKey, talkState, watchedSinceMs, watchTalk } from './talk.ts';

/** An inverter reads each second or so: what it has not read for so long may be otherwise now. */
const OLD_MS = 60_000;

const isOld = (atMs: number | undefined): boolean => (ageMs(atMs, nowMs.value) ?? 0) > OLD_MS;

const ageText = (atMs: number | undefined): string =>
  atMs === undefined ? DASH : t('inverter.ago', { time: durationText(ageMs(atMs, nowMs.value)) });

const columns = (): readonly Column<RegisterRow>[] => [
  {
    name: t('inspector.address'),
    isHead: true,
    cell: ({ address }) => (
      <>
        <code>{addressText(address)}</code> <span class="small soft">{address}</span>
      </>
    ),
  },
  {
    name: t('inspector.raw'),
    cell: ({ raw }) => (raw === undefined ? DASH : <code>{raw}</code>),
    isNumber: true,
  },
  {
    name: t('inspector.value'),
    cell: ({ text, readAtMs }) =>
      text === undefined ? (
        <Badge tone="quiet">{t('inspector.neverRead')}</Badge>
      ) : (
        <span class="register-value">{isOld(readAtMs) ? <s>{text}</s> : text}</span>
      ),
  },
  { name: t('inspector.meaning'), cell: ({ label }) => label },
  { name: t('inspector.lastRead'), cell: ({ readAtMs }) => ageText(readAtMs), isNumber: true },
  { name: t('inspector.profileLine'), cell: ({ lines }) => <Lines lines={lines} /> },
];

function Registers({ inverter, unit }: { readonly inverter: string; readonly unit: number }) {
  const [isReadOnly, setReadOnly] = useState(false);
  const known = explained.value.get(inverter);
  if (!known) return <Spinner />;
  const { profile } = known;
  if (!profile) return <Problem>{known.why ?? t('inspector.noProfile')}</Problem>;
  if (profile.windows.length === 0) return <Empty icon="inspector">{t('inspector.noRegisters')}</Empty>;
  const own = seen.value.get(seenKey(inverter, unit)) ?? new Map();
  const rows = profile.windows.flatMap((window) => registerRows(profile, window, own));
  const read = rows.filter(({ raw }) => raw !== undefined);
  return (
    <>
      <p class="small soft">
        {t('inspector.readOf', { read: read.length, all: rows.length, since: ageText(watchedSinceMs.value) })}
      </p>
      <Check label={t('inspector.onlyRead')} isOn={isReadOnly} onChange={setReadOnly} />
      <Table
        caption={t('inspector.registersOf', { inverter, profile: profile.profile })}
        columns={columns()}
        rows={isReadOnly ? read : rows}
        keyOf={({ address, label }) => `${address} ${label}`}
      />
      {profile.writable.length > 0 && (
        <p class="small">
          {t('inspector.writable')}{' '}
          {profile.writable.map(({ address, means }) => `${addressText(address)} ${means}`).join(', ')}
        </p>
      )}
    </>
  );
}

export function RegistersPanel() {
  useEffect(watchTalk, []);
  const choices = (site.value?.inverters ?? []).flatMap(({ id, units }) =>
    units.map((unit) => ({ id, unit })),
  );
  const [chosen, setChosen] = useState('');
  const now = choices.find(({ id, unit }) => seenKey(id, unit) === chosen) ?? choices[0];
  if (!now) return <Empty icon="inspector">{t('inspector.noModbus')}</Empty>;
  return (
    <div class="stack">
      {choices.length > 1 && (
        <Select
          label={t('inspector.inverterAndUnit')}
          value={seenKey(now.id, now.unit)}
          options={choices.map(
            ({ id, unit }) => [seenKey(id, unit), t('inspector.unitOf', { id, unit })] as const,
          )}
          onValue={setChosen}
        />
      )}
      <StreamNote state={talkState.value} />
      <Registers inverter={now.id} unit={now.unit} />
    </div>
  );
}
