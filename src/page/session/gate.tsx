// What stands before the page: who are you, and whose is this gateway.
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Refused } from '../ask.ts';
import { Problem } from '../parts/problem.tsx';
import { Screen } from '../parts/screen.tsx';
import { Logo } from '../shell/logo.tsx';
import { t } from '../words/words.ts';

export const Gate = ({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
}) => (
  <div class="gate">
    <main id="content">
      <p class="brand">
        <Logo /> {t('shell.name')}
      </p>
      <Screen title={title}>{children}</Screen>
    </main>
  </div>
);

interface FormProps {
  readonly action: string;
  readonly onSubmit: () => Promise<Refused | undefined>;
  readonly children: ComponentChildren;
}

/** Sends once at a time; says why it was refused. */
export function GateForm({ action, onSubmit, children }: FormProps) {
  const [isBusy, setBusy] = useState(false);
  const [why, setWhy] = useState<string>();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setWhy(undefined);
    const refused = await onSubmit();
    setBusy(false);
    setWhy(refused?.why);
  };
  return (
    <form class="stack" onSubmit={submit} noValidate>
      {children}
      {why && <Problem>{why}</Problem>}
      <button class="button main" type="submit" disabled={isBusy}>
        {isBusy ? t('session.working') : action}
      </button>
    </form>
  );
}
