// What each inverter was told, and whether it listens.
import { live } from '../live/connection.ts';
import { named } from '../live/values.ts';
import { Empty } from '../parts/empty.tsx';
import { Screen as Frame } from '../parts/screen.tsx';
import { site } from '../session/session.ts';
import { t } from '../words/words.ts';
import { InverterCard } from './inverter-card.tsx';
import { Trips } from './trips.tsx';
import './inverter.css';

export function Screen() {
  const inverters = site.value?.inverters ?? [];
  const now = live.value;
  return (
    <Frame title={t('inverter.title')}>
      {inverters.length === 0 && <Empty icon="inverter">{t('inverter.none')}</Empty>}
      {inverters.map((inverter) => (
        <InverterCard
          key={inverter.id}
          inverter={inverter}
          health={named(now?.inverters, inverter.id)}
          wire={named(now?.wires, inverter.wire)}
          bank={now?.bank}
        />
      ))}
      <Trips trips={now?.trips ?? []} hasBegun={now?.bank !== undefined && now.bank.freshness !== 'never'} />
    </Frame>
  );
}
