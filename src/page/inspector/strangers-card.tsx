// What is on a CAN bus beside us and our inverters: one row for each id, and what it tells who sets an inverter up.
import type { BusHeard, StrangeId } from '../../model/api/wire-talk.ts';
import { idText } from '../../profile/describe.ts';
import { durationText, numberText } from '../format.ts';
import { nowMs } from '../live/connection.ts';
import { Badge } from '../parts/badge.tsx';
import { Card } from '../parts/card.tsx';
import { site } from '../session/session.ts';
import { GatewaySaid } from '../words/gateway-words.tsx';
import { t } from '../words/words.ts';
import { Bytes } from './bytes.tsx';
import { fitsStranger, isOtherForm, meantBy } from './strangers.ts';
import { profilesOn } from './talk.ts';
import type { TalkFilter } from './talk-book.ts';

/** More rows than this would push what is said with our own inverter off the screen. */
const MOST_ROWS = 6;
const QUIET_MS = 5000;

type Identity = Pick<StrangeId, 'id' | 'extended'>;

const named = ({ id, extended }: Identity): string => idText({ id, extended: extended === true });
const formOf = ({ extended, remote }: StrangeId): string =>
  [t(extended ? 'inspector.bits29' : 'inspector.bits11'), ...(remote ? [t('inspector.remote')] : [])].join(
    ' · ',
  );
const nameAndForm = (row: StrangeId): string => `${named(row)} ${formOf(row)}`;

const ago = (atMs: number): string =>
  durationText(nowMs.value === undefined ? undefined : Math.max(0, nowMs.value - atMs));
const isQuiet = ({ last_at_ms }: StrangeId): boolean =>
  nowMs.value !== undefined && nowMs.value - last_at_ms > QUIET_MS;

/** How often and when it was heard. */
const Counted = ({ row }: { readonly row: StrangeId }) => (
  <span class="heard-rhythm small soft numbers">
    {t('inspector.count', { n: numberText(row.count) })} ·{' '}
    {t('inspector.perSecond', { n: numberText(row.per_s, row.per_s < 10 ? 1 : 0) })} ·{' '}
    {t('inspector.firstHeard', { time: ago(row.first_at_ms) })} ·{' '}
    {t('inspector.lastHeard', { time: ago(row.last_at_ms) })}
  </span>
);

const Kin = ({ row: { inverter_of, battery_of, title } }: { readonly row: StrangeId }) => (
  <>
    {inverter_of && (
      <span class="small stranger-kin">
        {t('inspector.sentByInverter', { profiles: inverter_of.join(', ') })}
        {title && (
          <span class="soft" lang="en">
            {' '}
            {title}
          </span>
        )}
      </span>
    )}
    {battery_of && (
      <span class="small stranger-kin">
        {t('inspector.sentByBattery', { profiles: battery_of.join(', ') })}
      </span>
    )}
  </>
);

interface RowsProps {
  readonly wire: string;
  readonly rows: readonly StrangeId[];
}

const idsOn = (wire: string) =>
  profilesOn(wire).flatMap(({ frames, hears }) => [...frames, ...hears.map(({ spec }) => spec)]);

const Row = ({ wire, row }: Pick<RowsProps, 'wire'> & { readonly row: StrangeId }) => (
  <li class="heard stranger" data-silent={isQuiet(row)}>
    <span class="heard-title">
      <strong class="mono">{named(row)}</strong>
      <span class="small soft">{formOf(row)}</span>
    </span>
    <Bytes hex={row.hex} changed={new Uint8Array()} />
    <Counted row={row} />
    {isOtherForm(row, idsOn(wire)) && (
      <span class="small stranger-kin">
        {t('inspector.otherForm', { bits: t(row.extended ? 'inspector.bits11' : 'inspector.bits29') })}
      </span>
    )}
    <Kin row={row} />
  </li>
);

const Rows = ({ wire, rows }: RowsProps) => (
  <ul class="heard-list">
    {rows.map((row) => (
      <Row key={nameAndForm(row)} wire={wire} row={row} />
    ))}
  </ul>
);

/** `island is set up as sma`. */
const setUpAs = (wire: string): string =>
  (site.value?.inverters ?? [])
    .filter((inverter) => inverter.wire === wire)
    .map(({ id, profile }) => t('inspector.setUpAs', { id, profile: profile.split('@')[0] ?? profile }))
    .join(', ');

/** What to make of it all, the gravest first. */
function Meaning({ bus }: { readonly bus: BusHeard }) {
  const { wire, doubles } = bus;
  const { inverter, battery } = meantBy(bus);
  return (
    <>
      {doubles.length > 0 && (
        <div class="stack tight">
          <Badge tone="alarm">{t('inspector.anotherBattery')}</Badge>
          <p>{t('inspector.anotherBatteryText', { wire, ids: doubles.map(named).join(', ') })}</p>
        </div>
      )}
      {battery.length > 0 && <p>{t('inspector.batteryIds', { wire, profiles: battery.join(', ') })}</p>}
      {inverter.length > 0 && (
        <p>{t('inspector.inverterIds', { profiles: inverter.join(', '), setUp: setUpAs(wire) })}</p>
      )}
    </>
  );
}

const Errors = ({ errors }: Pick<BusHeard, 'errors'>) =>
  errors.length === 0 ? null : (
    <>
      <h3 class="small">{t('inspector.errorFrames')}</h3>
      <ul class="plain-list small">
        {errors.map(({ kind, count, last_at_ms }) => (
          <li key={kind}>
            {t('inspector.count', { n: numberText(count) })} {t(`inspector.error_${kind}`)} ·{' '}
            <span class="soft">{t('inspector.lastHeard', { time: ago(last_at_ms) })}</span>
          </li>
        ))}
      </ul>
    </>
  );

const isEmpty = ({ ids, errors, doubles, why }: BusHeard): boolean =>
  ids.length + errors.length + doubles.length === 0 && why === undefined;

export function StrangersCard({ bus, filter }: { readonly bus: BusHeard; readonly filter: TalkFilter }) {
  const { wire, why, is_memory, beyond } = bus;
  if (is_memory) return <p class="small soft">{t('inspector.memoryBus', { wire })}</p>;
  if (isEmpty(bus)) return <p class="small soft">{t('inspector.nobodyElse', { wire })}</p>;
  const rows = bus.ids.filter((row) => fitsStranger(row, filter, nameAndForm));
  return (
    <Card title={t('inspector.alsoOn', { wire })}>
      {why !== undefined && (
        <GatewaySaid as="p" within={(said) => t('inspector.notListening', { why: said })}>
          {why}
        </GatewaySaid>
      )}
      <Meaning bus={bus} />
      <Rows wire={wire} rows={rows.slice(0, MOST_ROWS)} />
      {rows.length > MOST_ROWS && (
        <details class="fold">
          <summary>{t('inspector.moreIds', { n: rows.length - MOST_ROWS })}</summary>
          <Rows wire={wire} rows={rows.slice(MOST_ROWS)} />
        </details>
      )}
      {beyond > 0 && <p class="small soft">{t('inspector.beyondIds', { n: beyond })}</p>}
      <Errors errors={bus.errors} />
    </Card>
  );
}
