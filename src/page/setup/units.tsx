// The units on the air, to be ticked.
import type { SetupUnit, SetupWish } from '../../model/api/setup-air.ts';
import { quantityText } from '../format.ts';
import { Select } from '../parts/field.tsx';
import { proxyName } from './proxies.tsx';
import { placeOf, setup } from './wizard.ts';
import { s } from './words.ts';

const titleOf = (bms: string): string => setup.value?.families.find(({ id }) => id === bms)?.title ?? bms;

interface UnitProps {
  readonly unit: SetupUnit;
  readonly bms: string | undefined;
  readonly isChosen: boolean;
  readonly onChosen: (isChosen: boolean) => void;
  readonly onFamily: (bms: string) => void;
}

const Unit = ({ unit, bms, isChosen, onChosen, onFamily }: UnitProps) => (
  <li class="setup-unit">
    <label>
      <input
        type="checkbox"
        checked={isChosen}
        onChange={({ currentTarget }) => onChosen(currentTarget.checked)}
      />
      <span class="setup-unit-name">
        <strong>{unit.name ?? unit.address}</strong>
        <span class="small soft">{unit.bms ? titleOf(unit.bms) : s('unknownFamily')}</span>
        {unit.name_shared && <span class="small">{s('sharedName')}</span>}
        <span class="small soft mono">{unit.address}</span>
        {unit.proxy && <span class="small soft">{s('byProxy', { name: proxyName(unit.proxy) })}</span>}
      </span>
      <span class="small numbers">{quantityText(unit.rssi_dBm, 'dBm')}</span>
    </label>
    {isChosen && !unit.bms && (
      <Select
        label={s('familyOf', { name: unit.name ?? unit.address })}
        value={bms ?? ''}
        options={[
          ['', s('chooseFamily')],
          ...(setup.value?.families ?? []).map(({ id, title }) => [id, title] as const),
        ]}
        onValue={onFamily}
      />
    )}
  </li>
);

/** Who is chosen, by place; a family that is not known yet is empty. */
export type Chosen = ReadonlyMap<string, SetupWish>;

export interface ListProps {
  readonly units: readonly SetupUnit[];
  readonly chosen: Chosen;
  readonly onChosen: (chosen: Chosen) => void;
}

export const UnitList = ({ units, chosen, onChosen }: ListProps) => (
  <ul class="setup-units">
    {units.map((heard) => {
      const { address } = heard;
      const place = placeOf({ address });
      const wish = chosen.get(place);
      // Whichever radio hears it better later, it is read by the one that it was chosen with.
      const { proxy: _, ...without } = heard;
      const unit = wish ? { ...without, ...(wish.proxy !== undefined && { proxy: wish.proxy }) } : heard;
      const { proxy } = unit;
      const put = (bms: string) =>
        onChosen(new Map(chosen).set(place, { bms, address, ...(proxy !== undefined && { proxy }) }));
      const drop = () => onChosen(new Map([...chosen].filter(([key]) => key !== place)));
      return (
        <Unit
          key={address}
          unit={unit}
          bms={wish?.bms}
          isChosen={wish !== undefined}
          onChosen={(isChosen) => (isChosen ? put(unit.bms ?? '') : drop())}
          onFamily={put}
        />
      );
    })}
  </ul>
);
