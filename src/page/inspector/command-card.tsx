// Sends bytes to a battery, or switches its FETs, as far as the gateway file permits.
import { useState } from 'preact/hooks';
import { fromHex } from '../../bytes/hex.ts';
import type { Site, SiteBattery } from '../../model/api/site.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Field, Select } from '../parts/field.tsx';
import { t } from '../words/words.ts';
import { type Wish, WishDialog } from './wish-dialog.tsx';
import { useWishSteps, WishSteps } from './wish-steps.tsx';

/** As many as the gateway takes. */
const MOST_BYTES = 64;

/** Whole bytes, and not nothing. */
const hexProblem = (hex: string): string | undefined => {
  if (hex.trim() === '') return undefined;
  const bytes = fromHex(hex);
  return bytes && bytes.length > 0 && bytes.length <= MOST_BYTES ? undefined : t('inspector.badHex');
};

type Control = Exclude<Site['control'], 'none'>;

interface AskProps {
  readonly isBusy: boolean;
  readonly onWish: (wish: Wish) => void;
}

const input = {
  autocomplete: 'off',
  autocapitalize: 'none',
  spellcheck: false,
  placeholder: 'dd a5 03 00 ff fd 77',
} as const;

function RawBytes({ control, isBusy, onWish }: AskProps & { readonly control: Control }) {
  const [hex, setHex] = useState('');
  const problem = hexProblem(hex);
  return (
    <>
      <Field
        label={t('inspector.rawBytes')}
        hint={t(control === 'any' ? 'inspector.rawAny' : 'inspector.rawReads')}
        value={hex}
        onValue={setHex}
        problem={problem}
        input={input}
      />
      <div class="row">
        <Button
          look="danger"
          isDisabled={isBusy || problem !== undefined || hex.trim() === ''}
          onClick={() => onWish({ kind: 'raw', hex: hex.replace(/[\s:]/g, '') })}
        >
          {t('inspector.send')}
        </Button>
      </div>
    </>
  );
}

const fetWishes = (['charge', 'discharge'] as const).flatMap((direction) =>
  [true, false].map((on) => ({ kind: 'fet', direction, on }) as const),
);

const Fets = ({ isBusy, onWish }: AskProps) => (
  <fieldset class="row">
    <legend class="small soft">{t('inspector.fets')}</legend>
    {fetWishes.map((wish) => (
      <Button
        key={`${wish.direction} ${wish.on}`}
        look={wish.on ? 'plain' : 'danger'}
        isDisabled={isBusy}
        onClick={() => onWish(wish)}
      >
        {t(`inspector.fetShort_${wish.direction}_${wish.on ? 'on' : 'off'}`)}
      </Button>
    ))}
  </fieldset>
);

interface WishFormProps {
  readonly batteries: readonly SiteBattery[];
  readonly control: Control;
}

function WishForm({ batteries, control }: WishFormProps) {
  const [id, setId] = useState(batteries[0]?.id ?? '');
  const [wish, setWish] = useState<Wish>();
  const under = useWishSteps();
  const ask = { isBusy: under.isBusy, onWish: setWish };
  const carryOut = (confirmed: Wish) => {
    setWish(undefined);
    void under.carryOut(id, confirmed);
  };
  return (
    <>
      <Select
        label={t('inspector.battery')}
        value={id}
        options={batteries.map((one) => [one.id, one.id])}
        onValue={setId}
      />
      <RawBytes control={control} {...ask} />
      {batteries.find((one) => one.id === id)?.has_fets && <Fets {...ask} />}
      <WishSteps {...under} />
      {wish && (
        <WishDialog
          battery={id}
          wish={wish}
          onClose={() => setWish(undefined)}
          onConfirm={() => carryOut(wish)}
        />
      )}
    </>
  );
}

export const CommandCard = ({
  batteries,
  control,
}: {
  readonly batteries: readonly SiteBattery[];
  readonly control: Site['control'];
}) => (
  <Card title={t('inspector.consoleTitle')}>
    {control === 'none' ? (
      <>
        <p>{t('inspector.controlOff')}</p>
        <pre class="yaml">control: true</pre>
      </>
    ) : (
      <WishForm batteries={batteries} control={control} />
    )}
  </Card>
);
