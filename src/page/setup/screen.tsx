// The first start: one question a screen, from the batteries to a gateway that runs.
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { Spinner } from '../parts/empty.tsx';
import { Problem } from '../parts/problem.tsx';
import { language } from '../preferences.ts';
import { Logo } from '../shell/logo.tsx';
import { Afterwards } from './afterwards.tsx';
import { Done } from './done.tsx';
import { Find } from './find.tsx';
import { Inverter } from './inverter.tsx';
import { Limits } from './limits.tsx';
import { Proof } from './proof.tsx';
import './setup.css';
import { StringsStep } from './strings.tsx';
import { Trial } from './trial.tsx';
import { WireStep } from './wire.tsx';
import { learn, type Step, setup, step, stepNumber, steps, trouble, written } from './wizard.ts';
import { s } from './words.ts';

const faces: { readonly [S in Step]: ComponentType } = {
  find: Find,
  proof: Proof,
  strings: StringsStep,
  limits: Limits,
  inverter: Inverter,
  wire: WireStep,
  afterwards: Afterwards,
  trial: Trial,
};

const Head = () => (
  <header class="setup-head">
    <p class="brand row apart">
      <span class="row">
        <Logo /> bmsgate
      </span>
      <button
        class="button"
        type="button"
        lang={language.value === 'de' ? 'en' : 'de'}
        onClick={() => {
          language.value = language.value === 'de' ? 'en' : 'de';
        }}
      >
        {language.value === 'de' ? 'English' : 'Deutsch'}
      </button>
    </p>
    <p class="small soft" id="setup-progress">
      {s('step', { n: stepNumber.value, all: steps.length })}
    </p>
    <progress aria-labelledby="setup-progress" max={steps.length} value={stepNumber.value} />
  </header>
);

function Body() {
  if (written.value) return <Done {...written.value} />;
  if (!setup.value) return trouble.value ? <Problem>{trouble.value}</Problem> : <Spinner />;
  const Face = faces[step.value];
  return <Face key={step.value} />;
}

export function Screen() {
  useEffect(() => {
    void learn();
  }, []);
  return (
    <main id="content" class="setup">
      <Head />
      <Body />
    </main>
  );
}
