// A battery at the end of a serial line instead of on the air.
import { useState } from 'preact/hooks';
import type { SetupWish } from '../../model/api/setup-air.ts';
import { Button } from '../parts/button.tsx';
import { Field, Select } from '../parts/field.tsx';
import { placeOf, setup, typedNumber } from './wizard.ts';
import { s } from './words.ts';

type Chosen = ReadonlyMap<string, SetupWish>;

interface OnWireProps {
  readonly chosen: Chosen;
  readonly onChosen: (chosen: Chosen) => void;
}

function Line({ chosen, onChosen }: OnWireProps) {
  const { serial: ports = [], families = [] } = setup.value ?? {};
  const [port, setPort] = useState(ports[0]?.name ?? '');
  const [bms, setBms] = useState(families[0]?.id ?? '');
  const [unit, setUnit] = useState('');
  const add = () => {
    const number = typedNumber(unit);
    const wish: SetupWish = { bms, serial: port, ...(number !== undefined && { unit: number }) };
    onChosen(new Map(chosen).set(placeOf(wish), wish));
  };
  if (ports.length === 0) return <p>{s('noPorts')}</p>;
  return (
    <div class="stack">
      <Select
        label={s('port')}
        value={port}
        options={ports.map(({ name }) => [name, name] as const)}
        onValue={setPort}
      />
      <Select
        label={s('family')}
        value={bms}
        options={families.map(({ id, title }) => [id, title] as const)}
        onValue={setBms}
      />
      <Field label={s('unit')} value={unit} onValue={setUnit} input={{ inputMode: 'numeric' }} />
      <Button isLocal onClick={add}>
        {s('addWire')}
      </Button>
    </div>
  );
}

export const OnWire = ({ chosen, onChosen }: OnWireProps) => {
  const wired = [...chosen].filter(([, { serial }]) => serial !== undefined);
  const drop = (place: string) => onChosen(new Map([...chosen].filter(([key]) => key !== place)));
  return (
    <details open={wired.length > 0}>
      <summary>{s('onWire')}</summary>
      <ul class="setup-units">
        {wired.map(([place, { serial = '', unit, bms }]) => (
          <li key={place} class="setup-unit row apart">
            <span class="mono">
              {serial} {unit} ({bms})
            </span>
            <Button isLocal icon="close" label={s('remove')} onClick={() => drop(place)} />
          </li>
        ))}
      </ul>
      <Line chosen={chosen} onChosen={onChosen} />
    </details>
  );
};
