// Step three: in series or in parallel. A tap moves a battery to the next string.
import { useState } from 'preact/hooks';
import { madeBank, proposedStrings, type StringTrouble } from '../../bank/proposed.ts';
import { quantityText } from '../format.ts';
import { Icon } from '../parts/icon.tsx';
import { Problem } from '../parts/problem.tsx';
import { Frame } from './frame.tsx';
import { chooseAndGoOn, draft, packsOf, setup } from './wizard.ts';
import { s } from './words.ts';

type Strings = readonly (readonly string[])[];

/** To the next string; from the last one into one of its own; a lone battery of the last string to the first. */
export function moved(strings: Strings, id: string): Strings {
  const from = strings.findIndex((string) => string.includes(id));
  const isAlone = strings[from]?.length === 1;
  const isLast = from === strings.length - 1;
  const without = strings.map((string) => string.filter((one) => one !== id));
  const to = isLast && isAlone ? 0 : from + 1;
  const grown =
    to < without.length ? without.map((one, i) => (i === to ? [...one, id] : one)) : [...without, [id]];
  return grown.filter((string) => string.length > 0);
}

function troubleText(trouble: StringTrouble): string {
  if (trouble.kind === 'cells')
    return s('unequalCells', { n: trouble.string, cells: trouble.cells, first: trouble.firstCells });
  return s('unequalVolts', {
    n: trouble.string,
    volts: quantityText(trouble.voltageV, 'V', 2),
    first: quantityText(trouble.firstV, 'V', 2),
  });
}

const InSeries = ({
  ids,
  number,
  onMove,
}: {
  readonly ids: readonly string[];
  readonly number: number;
  readonly onMove: (id: string) => void;
}) => (
  <li class="setup-string">
    <p class="small soft">{s('string', { n: number })}</p>
    <div class="row">
      {ids.map((id) => (
        <button
          key={id}
          class="button"
          type="button"
          aria-label={s('move', { id })}
          onClick={() => onMove(id)}
        >
          <Icon name="battery" />
          {id}
        </button>
      ))}
    </div>
  </li>
);

export function StringsStep() {
  const batteries = draft.value.batteries ?? [];
  const packs = packsOf(batteries);
  const [strings, setStrings] = useState<Strings>(() => draft.value.strings ?? proposedStrings(packs));
  const cell = setup.value?.chemistries.find(({ name }) => name === (draft.value.chemistry ?? 'lfp'));
  const { cells, voltageV, nominalV, capacityAh, trouble } = madeBank(strings, packs, cell?.nominal_V);
  const take = () => {
    // Other strings bear another envelope.
    const isSame = JSON.stringify(strings) === JSON.stringify(draft.value.strings);
    return chooseAndGoOn({ strings, ...(!isSame && { envelope: undefined }) });
  };
  return (
    <Frame
      title={s('strings')}
      text={batteries.length > 1 ? s('stringsText') : s('stringsOne')}
      onward={s('next')}
      isBlocked={trouble?.kind === 'cells'}
      onOnward={take}
    >
      <ul class="setup-strings">
        {strings.map((ids, i) => (
          <InSeries
            key={ids.join()}
            ids={ids}
            number={i + 1}
            onMove={(id) => setStrings(moved(strings, id))}
          />
        ))}
      </ul>
      <p class="setup-result" aria-live="polite">
        <span class="small soft">{s('makes')}</span>
        <strong class="numbers">
          {s('makesText', {
            cells,
            volts: quantityText(voltageV ?? nominalV, 'V', 1),
            ampereHours: quantityText(capacityAh, 'Ah'),
          })}
        </strong>
      </p>
      {trouble && <Problem>{troubleText(trouble)}</Problem>}
    </Frame>
  );
}
