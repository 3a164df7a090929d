// Sends bytes to a battery, or switches its FETs, as far as the gateway file permits; each step is shown as it is done.
import { useEffect, useRef, useState } from 'preact/hooks';
import { fromHex } from '../../bytes/hex.ts';
import type { Site, SiteBattery } from '../../model/api/site.ts';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Field, Select } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import { t } from '../words/words.ts';
import { askSteps } from './steps.ts';

type Wish =
  | { readonly kind: 'raw'; readonly hex: string }
  | { readonly kind: 'fet'; readonly direction: 'charge' | 'discharge'; readonly on: boolean };

const MOST_BYTES = 64;

/** Whole bytes, and not nothing. */
const hexProblem = (hex: string): string | undefined => {
  if (hex.trim() === '') return undefined;
  const bytes = fromHex(hex);
  return bytes && bytes.length > 0 && bytes.length <= MOST_BYTES ? undefined : t('inspector.badHex');
};

interface DialogProps {
  readonly battery: string;
  readonly wish: Wish;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}

function WishDialog({ battery, wish, onClose, onConfirm }: DialogProps) {
  const [typed, setTyped] = useState('');
  return (
    <Confirm
      title={
        wish.kind === 'raw'
          ? t('inspector.sendTitle', { battery })
          : t(`inspector.fet_${wish.direction}_${wish.on ? 'on' : 'off'}`, { battery })
      }
      action={t('inspector.doIt')}
      isDangerous
      isBlocked={typed !== battery}
      onClose={onClose}
      onConfirm={onConfirm}
    >
      <p>
        {t(wish.kind === 'raw' ? 'inspector.riskRaw' : wish.on ? 'inspector.riskOn' : 'inspector.riskOff')}
      </p>
      {wish.kind === 'raw' && <code class="long-hex">{wish.hex}</code>}
      <Field
        label={t('inspector.typeId', { battery })}
        value={typed}
        onValue={setTyped}
        input={{ autocomplete: 'off', autocapitalize: 'none', spellcheck: false }}
      />
    </Confirm>
  );
}

/** Carries wishes out one at a time; who leaves takes back what was not sent. */
function useSteps() {
  const [steps, setSteps] = useState<readonly string[]>([]);
  const [end, setEnd] = useState<{ readonly why?: string }>();
  const [isBusy, setBusy] = useState(false);
  const leaving = useRef<AbortController>(undefined);
  useEffect(() => () => leaving.current?.abort(), []);
  const carryOut = async (battery: string, wish: Wish) => {
    const controller = new AbortController();
    leaving.current = controller;
    setSteps([]);
    setEnd(undefined);
    setBusy(true);
    const why = await askSteps(
      `/batteries/${encodeURIComponent(battery)}/command`,
      { ...wish, confirmed: battery },
      { onStep: (step) => setSteps((all) => [...all, step]), left: controller.signal },
    );
    setBusy(false);
    setEnd(why ?? {});
  };
  return { steps, end, isBusy, carryOut, leave: () => leaving.current?.abort() };
}

function Outcome({ steps, end, isBusy, leave }: ReturnType<typeof useSteps>) {
  return (
    <div class="stack" aria-live="polite">
      {steps.length > 0 && (
        <ol class="steps mono">
          {steps.map((step, i) => (
            <li key={i}>{step}</li>
          ))}
        </ol>
      )}
      {isBusy && (
        <div class="row">
          <span class="spinner">{t('inspector.underWay')}</span>
          <Button isLocal onClick={leave}>
            {t('inspector.leave')}
          </Button>
        </div>
      )}
      {end?.why && <Problem>{end.why}</Problem>}
      {end && !end.why && <p>{t('inspector.done')}</p>}
    </div>
  );
}

interface WishFormProps {
  readonly batteries: readonly SiteBattery[];
  readonly control: Exclude<Site['control'], 'none'>;
}

const fetWishes = (['charge', 'discharge'] as const).flatMap((direction) =>
  [true, false].map((on) => ({ kind: 'fet', direction, on }) as const),
);

function WishForm({ batteries, control }: WishFormProps) {
  const [id, setId] = useState(batteries[0]?.id ?? '');
  const [hex, setHex] = useState('');
  const [wish, setWish] = useState<Wish>();
  const steps = useSteps();
  const battery = batteries.find((one) => one.id === id);
  const problem = hexProblem(hex);
  return (
    <>
      <Select
        label={t('inspector.battery')}
        value={id}
        options={batteries.map((one) => [one.id, one.id])}
        onValue={setId}
      />
      <Field
        label={t('inspector.rawBytes')}
        hint={t(control === 'any' ? 'inspector.rawAny' : 'inspector.rawReads')}
        value={hex}
        onValue={setHex}
        problem={problem}
        input={{
          autocomplete: 'off',
          autocapitalize: 'none',
          spellcheck: false,
          placeholder: 'dd a5 03 00 ff fd 77',
        }}
      />
      <div class="row">
        <Button
          look="danger"
          isDisabled={steps.isBusy || problem !== undefined || hex.trim() === ''}
          onClick={() => setWish({ kind: 'raw', hex: hex.replace(/[\s:]/g, '') })}
        >
          {t('inspector.send')}
        </Button>
      </div>
      {battery?.has_fets && (
        <fieldset class="row">
          <legend class="small soft">{t('inspector.fets')}</legend>
          {fetWishes.map((one) => (
            <Button
              key={`${one.direction} ${one.on}`}
              look={one.on ? 'plain' : 'danger'}
              isDisabled={steps.isBusy}
              onClick={() => setWish(one)}
            >
              {t(`inspector.fetShort_${one.direction}_${one.on ? 'on' : 'off'}`)}
            </Button>
          ))}
        </fieldset>
      )}
      <Outcome {...steps} />
      {wish && (
        <WishDialog
          battery={id}
          wish={wish}
          onClose={() => setWish(undefined)}
          onConfirm={() => {
            setWish(undefined);
            void steps.carryOut(id, wish);
          }}
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
