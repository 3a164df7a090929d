// A wish for a battery under way: its steps as they are done, and its end.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Problem } from '../parts/problem.tsx';
import { t } from '../words/words.ts';
import { askSteps } from './steps.ts';
import type { Wish } from './wish-dialog.tsx';

/** Carries wishes out one at a time; who leaves takes back what was not sent. */
export function useWishSteps() {
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

export function WishSteps({ steps, end, isBusy, leave }: ReturnType<typeof useWishSteps>) {
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
