// The last step: everything is tried, then the file is written and the gateway begins.
import { useEffect, useState } from 'preact/hooks';
import type { LimitSignal } from '../../model/api/live.ts';
import type { SetupFinding, SetupTest } from '../../model/api/setup.ts';
import { ask, isRefused } from '../ask.ts';
import { quantityText } from '../format.ts';
import { whyText } from '../limits/why.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Spinner } from '../parts/empty.tsx';
import { Findings } from './findings.tsx';
import { Frame } from './frame.tsx';
import { usePoll } from './poll.ts';
import { draft, learn, setup, trouble, written } from './wizard.ts';
import { s } from './words.ts';

const limits: readonly LimitSignal[] = [
  'charge_current_limit_A',
  'discharge_current_limit_A',
  'charge_voltage_limit_V',
  'discharge_voltage_limit_V',
];

const Bank = ({ bank }: { readonly bank: NonNullable<SetupTest['bank']> }) => (
  <Card title={s('bankSays')}>
    <p class="numbers">
      {quantityText(bank.voltage_V, 'V', 1)} · {quantityText(bank.soc_pct, '%')}
    </p>
    <ul class="setup-brands">
      {limits.map((name) => {
        const limit = bank.limits[name];
        return limit ? <li key={name}>{whyText(name, limit.value, limit.reasons)}</li> : null;
      })}
    </ul>
  </Card>
);

const isBroken = ({ state }: SetupFinding): boolean => state === 'broken';

const Verdict = ({ findings }: { readonly findings: readonly SetupFinding[] }) => {
  const n = findings.filter(isBroken).length;
  return (
    <p role="status">
      <Badge tone={n === 0 ? 'well' : 'alarm'}>{n === 0 ? s('allGood') : s('someWrong', { n })}</Badge>
    </p>
  );
};

const Result = ({ test }: { readonly test: SetupTest }) => (
  <>
    {test.state === 'done' ? <Verdict findings={test.findings} /> : <Spinner>{s('testing')}</Spinner>}
    {test.bank && <Bank bank={test.bank} />}
    <Findings findings={test.findings} />
    {test.text !== undefined && (
      <details>
        <summary>{s('fileText')}</summary>
        {/* It scrolls, so the keyboard must reach it. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls is reached by the keyboard */}
        <pre class="setup-file" tabIndex={0}>
          {test.text}
        </pre>
      </details>
    )}
  </>
);

async function begin(): Promise<SetupTest | undefined> {
  const post = { revision: setup.value?.revision ?? 0 };
  const answer = await ask<SetupTest>('/setup/test', { post });
  if (!isRefused(answer)) return answer;
  trouble.value = answer.why;
  if (answer.status === 409) await learn();
  return undefined;
}

async function write(): Promise<void> {
  const post = { revision: setup.value?.revision ?? 0 };
  const answer = await ask<{ readonly path: string }>('/setup/finish', { post });
  if (isRefused(answer)) trouble.value = answer.why;
  else written.value = { path: answer.path, listen: draft.value.listen ?? '' };
}

export function Trial() {
  const [test, setTest] = useState<SetupTest>();
  const revision = setup.value?.revision;
  // Only what tried this draft counts.
  const own = test?.revision === revision ? test : undefined;
  const isRunning = own?.state === 'running';
  usePoll<SetupTest>('/setup/test', { isOn: isRunning }, setTest);
  const start = async () => {
    trouble.value = undefined;
    const begun = await begin();
    if (begun) setTest(begun);
  };
  useEffect(() => {
    void start();
  }, []);
  const isDone = own?.state === 'done';
  const isWrong = own?.findings.some(isBroken) ?? false;
  return (
    <Frame
      title={s('trial')}
      text={s('trialText')}
      {...(isDone && { onward: isWrong ? s('writeAnyway') : s('write'), onOnward: write })}
    >
      {own && <Result test={own} />}
      {isDone && own?.bank === undefined && <p class="small soft">{s('anywayHint')}</p>}
      {!isRunning && (
        <Button isLocal icon="again" onClick={() => void start()}>
          {own ? s('testAgain') : s('test')}
        </Button>
      )}
    </Frame>
  );
}
