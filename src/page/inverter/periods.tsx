// How regularly each CAN frame leaves: measured while somebody watches the wire.
import { useEffect, useState } from 'preact/hooks';
import { idText } from '../../profile/describe.ts';
import { DASH, numberText } from '../format.ts';
import { type Heard, rhythmOf } from '../inspector/heard.ts';
import { book, watchTalk } from '../inspector/talk.ts';
import { inOrder } from '../inspector/talk-book.ts';
import { Button } from '../parts/button.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { can } from '../session/session.ts';
import { t } from '../words/words.ts';

const idOf = ({ last }: Heard): string =>
  last.kind === 'frame' ? idText({ id: last.id, extended: last.extended ?? false }) : '';

const ms = (of: number | undefined, digits: number): string =>
  of === undefined ? DASH : `${numberText(of, digits)}\u00a0ms`;

const columns = (): readonly Column<Heard>[] => [
  { name: t('inspector.id'), cell: (heard) => <code>{idOf(heard)}</code>, isHead: true },
  {
    name: t('inspector.way'),
    cell: ({ last }) =>
      t(last.kind === 'frame' && last.way === '<' ? 'inspector.received' : 'inspector.sent'),
  },
  { name: t('inspector.period'), cell: (heard) => ms(rhythmOf(heard)?.periodMs, 0), isNumber: true },
  { name: t('inspector.jitter'), cell: (heard) => ms(rhythmOf(heard)?.jitterMs, 1), isNumber: true },
];

function PeriodTable({ wire }: { readonly wire: string }) {
  useEffect(watchTalk, []);
  const rows = [...book.value.heard.values()]
    .filter(({ last }) => last.kind === 'frame' && last.wire === wire)
    .sort(inOrder);
  return rows.length === 0 ? (
    <p class="small soft">{t('inverter.listening')}</p>
  ) : (
    <Table caption={t('inverter.periods')} columns={columns()} rows={rows} keyOf={({ key }) => key} />
  );
}

export function Periods({ wire }: { readonly wire: string }) {
  const [isOn, setOn] = useState(false);
  if (!can('operator')) return null;
  return isOn ? (
    <PeriodTable wire={wire} />
  ) : (
    <div>
      <Button isLocal icon="clock" onClick={() => setOn(true)}>
        {t('inverter.measure')}
      </Button>
    </div>
  );
}
