// Whether a battery is heard and what is wrong with it, as Home Assistant shows it: told also while its measurements are stale.
import type { PackState } from '../model/bank-state.ts';
import { isMeasured } from './bank-entities.ts';
import {
  binary,
  diagnostic,
  type Entity,
  type Known,
  quantities as q,
  sensor,
  shortened,
} from './entities.ts';
import type { BatteryPlan } from './plan.ts';
import { packTroubles } from './troubles.ts';

const told = { ...diagnostic, isAlways: true } as const;

export const packOf = ({ id }: BatteryPlan, { bank }: Known): PackState | undefined =>
  bank?.packs.find((pack) => pack.id === id);

function ageS(pack: PackState | undefined, nowMs: number): number | undefined {
  return pack?.sampleAtMs === undefined ? undefined : Math.max(0, nowMs - pack.sampleAtMs) / 1000;
}

/** As the last advert came in, of a link that there is or may be. */
function rssiDbm({ id }: BatteryPlan, { health }: Known): number | undefined {
  const link = health?.batteries.find((battery) => battery.id === id)?.link;
  return link && !['lost', 'let go'].includes(link.state) ? link.rssiDbm : undefined;
}

/** What says that a battery is not heard cannot be silent with it. */
export function batteryLifeEntities(battery: BatteryPlan): Entity[] {
  const pack = (known: Known) => packOf(battery, known);
  const heard = (known: Known): boolean | undefined => {
    const now = pack(known);
    return now && now.freshness !== 'never' ? isMeasured(now) : undefined;
  };
  const troubles = (known: Known) => {
    const now = pack(known);
    return now && (now.freshness !== 'never' || now.fault !== undefined) ? packTroubles(now) : undefined;
  };
  const problem = (known: Known) => {
    const found = troubles(known);
    return found && found.length > 0;
  };
  const text = (known: Known) => {
    const found = troubles(known);
    return found && shortened(found.join('; ') || 'none');
  };
  const [link, name] = battery.isWired ? ['line_link', 'Line link'] : ['ble_link', 'Bluetooth link'];
  const signal = sensor(
    'slow',
    'rssi',
    'Signal strength',
    q.signalStrength,
    (known) => rssiDbm(battery, known),
    { ...told, isHidden: true, isOptional: true },
  );
  return [
    ...(battery.isWired ? [] : [signal]),
    binary('changes', 'problem', 'Problem', 'problem', problem, { isAlways: true }),
    sensor('changes', 'problem_text', 'Problem is', q.text, text, told),
    sensor('state', 'data_age', 'Data age', q.duration, (known) => ageS(pack(known), known.nowMs), told),
    binary('changes', link, name, 'connectivity', heard, told),
  ];
}
