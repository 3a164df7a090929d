// Step four: chemistry and envelope. Proposed from what the batteries bear, and confirmed by a person: it cannot be skipped.
import { useState } from 'preact/hooks';
import { madeBank } from '../../bank/proposed.ts';
import { proposedEnvelope } from '../../bank/proposed-envelope.ts';
import type { SetupChemistry } from '../../model/api/setup.ts';
import { quantityText } from '../format.ts';
import { Check, Field, Select } from '../parts/field.tsx';
import { Frame } from './frame.tsx';
import { chooseAndGoOn, draft, packsOf, setup, typedNumber } from './wizard.ts';
import { s } from './words.ts';

interface Typed {
  readonly chargeA: string;
  readonly dischargeA: string;
  readonly maxV: string;
  readonly minV: string;
}

const text = (value: number | undefined): string => (value === undefined ? '' : String(value));

/** As it was chosen before, else as it is proposed for this chemistry. */
function begun(chemistry: SetupChemistry | undefined, isAnew: boolean): Typed {
  const { strings = [], batteries = [], envelope } = draft.value;
  if (envelope && !isAnew)
    return {
      chargeA: text(envelope.charge_current_A),
      dischargeA: text(envelope.discharge_current_A),
      maxV: text(envelope.cell_max_V),
      minV: text(envelope.cell_min_V),
    };
  if (!chemistry) return { chargeA: '', dischargeA: '', maxV: '', minV: '' };
  const { full_V: fullV, empty_V: emptyV, over_V: overV, under_V: underV } = chemistry;
  const proposed = proposedEnvelope(strings, packsOf(batteries), { fullV, emptyV, overV, underV });
  return {
    chargeA: text(proposed.chargeCurrentA),
    dischargeA: text(proposed.dischargeCurrentA),
    maxV: text(proposed.cellMaxV),
    minV: text(proposed.cellMinV),
  };
}

function mistakes({ chargeA, dischargeA, maxV, minV }: Typed, chemistry: SetupChemistry | undefined) {
  const isCurrent = (typed: string) => {
    const amperes = typedNumber(typed);
    return amperes !== undefined && amperes >= 0.1 && amperes <= 5000;
  };
  const { over_V = 5, under_V = 0.5, full_V = 5, empty_V = 0.5, name = '' } = chemistry ?? {};
  const within = (typed: string, min: number, max: number) => {
    const volts = typedNumber(typed);
    return volts !== undefined && volts >= min && volts <= max
      ? undefined
      : s('badVolts', { chemistry: name, min, max });
  };
  return {
    chargeA: isCurrent(chargeA) ? undefined : s('badAmperes'),
    dischargeA: isCurrent(dischargeA) ? undefined : s('badAmperes'),
    maxV: within(maxV, full_V, over_V),
    minV: within(minV, under_V, empty_V),
  };
}

const fields = [
  ['chargeA', 'chargeA'],
  ['dischargeA', 'dischargeA'],
  ['maxV', 'cellMax'],
  ['minV', 'cellMin'],
] as const;

const take = (chemistry: string, { chargeA, dischargeA, maxV, minV }: Typed): Promise<void> =>
  chooseAndGoOn({
    chemistry,
    envelope: {
      charge_current_A: typedNumber(chargeA) ?? 0,
      discharge_current_A: typedNumber(dischargeA) ?? 0,
      cell_max_V: typedNumber(maxV) ?? 0,
      cell_min_V: typedNumber(minV) ?? 0,
    },
  });

export function Limits() {
  const all = setup.value?.chemistries ?? [];
  const [name, setName] = useState(draft.value.chemistry ?? 'lfp');
  const chemistry = all.find((one) => one.name === name);
  const [typed, setTyped] = useState<Typed>(() => begun(chemistry, false));
  const [isChecked, setChecked] = useState(false);
  const wrong = mistakes(typed, chemistry);
  const isRight = Object.values(wrong).every((one) => one === undefined);
  const change = (next: Typed) => {
    setTyped(next);
    setChecked(false);
  };
  const { cells } = madeBank(draft.value.strings ?? [], packsOf(draft.value.batteries ?? []));
  const bankV = (cellV: string) => quantityText((typedNumber(cellV) ?? Number.NaN) * cells, 'V', 1);
  return (
    <Frame
      title={s('limits')}
      text={s('limitsText')}
      onward={s('next')}
      isBlocked={!isRight || !isChecked}
      onOnward={() => take(name, typed)}
    >
      <Select
        label={s('chemistry')}
        value={name}
        options={all.map((one) => [one.name, one.name.toUpperCase()] as const)}
        onValue={(next) => {
          setName(next);
          change(
            begun(
              all.find((one) => one.name === next),
              true,
            ),
          );
        }}
      />
      <div class="setup-pair">
        {fields.map(([key, word]) => (
          <Field
            key={key}
            label={s(word)}
            value={typed[key]}
            onValue={(value) => change({ ...typed, [key]: value })}
            problem={wrong[key]}
            input={{ inputMode: 'decimal' }}
          />
        ))}
      </div>
      <p class="small soft">{s('bankRange', { min: bankV(typed.minV), max: bankV(typed.maxV) })}</p>
      <Check label={s('iChecked')} isOn={isChecked} onChange={setChecked} />
      {!isChecked && <p class="small soft">{s('mustCheck')}</p>}
    </Frame>
  );
}
