// The text of a profile: read by everybody who may look, tried on live data by an installer.
import { useRef, useState } from 'preact/hooks';
import type { Trial } from '../../model/api/trial.ts';
import type { ExplainedProfile } from '../../profile/explained.ts';
import { ask, isRefused } from '../ask.ts';
import { Button } from '../parts/button.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { download } from '../parts/download.ts';
import { Empty, Spinner } from '../parts/empty.tsx';
import { Select } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import { can, site } from '../session/session.ts';
import { t } from '../words/words.ts';
import { fileName } from './decoded.ts';
import { explained } from './explained-profiles.ts';
import { ProfileText } from './profile-text.tsx';
import { TrialResult } from './trial-result.tsx';
import { spanAt } from './trial-rows.ts';

type Outcome =
  | { readonly kind: 'none' | 'asking' }
  | { readonly kind: 'done'; readonly trial: Trial }
  | { readonly kind: 'refused'; readonly why: string };

async function tried(inverter: string, text: string): Promise<Outcome> {
  const answer = await ask<Trial>(`/inverters/${encodeURIComponent(inverter)}/trial`, { post: { text } });
  return isRefused(answer) && !('problems' in answer)
    ? { kind: 'refused', why: answer.why }
    : // What is not refused is what the route gives.
      { kind: 'done', trial: answer as Trial };
}

const TextButtons = ({ name, text }: { readonly name: string; readonly text: string }) => (
  <>
    <CopyButton text={() => text} />
    <Button isLocal icon="download" onClick={() => download(name, text)}>
      {t('parts.download')}
    </Button>
  </>
);

interface OutcomeProps {
  readonly outcome: Outcome;
  readonly onJump: (line: number, column: number) => void;
}

const OutcomePart = ({ outcome, onJump }: OutcomeProps) => (
  <div aria-live="polite" class="stack">
    {outcome.kind === 'asking' && <Spinner>{t('inspector.checking')}</Spinner>}
    {outcome.kind === 'refused' && <Problem>{outcome.why}</Problem>}
    {outcome.kind === 'done' && <TrialResult trial={outcome.trial} onJump={onJump} />}
  </div>
);

function Editor({ profile }: { readonly profile: ExplainedProfile }) {
  const own = profile.files[0];
  // What is in force may change meanwhile: what was written here stays.
  const [written, setWritten] = useState<string>();
  const text = written ?? own?.lines.join('\n') ?? '';
  const [outcome, setOutcome] = useState<Outcome>({ kind: 'none' });
  const area = useRef<HTMLTextAreaElement>(null);
  const mayTry = can('installer');
  const check = async () => {
    setOutcome({ kind: 'asking' });
    setOutcome(await tried(profile.inverter, text));
  };
  const jump = (line: number, column: number) => {
    area.current?.focus();
    area.current?.setSelectionRange(...spanAt(text, line, column));
    area.current?.closest('.profile-text')?.scrollTo({ top: (line - 4) * LINE_PX });
  };
  return (
    <div class="stack">
      <ProfileText
        label={t('inspector.profileText', { name: fileName(own?.name ?? profile.profile) })}
        text={text}
        onText={mayTry ? setWritten : undefined}
        area={area}
      />
      <div class="row">
        {mayTry && (
          <Button look="main" isDisabled={outcome.kind === 'asking'} onClick={check}>
            {t('inspector.check')}
          </Button>
        )}
        <TextButtons name={fileName(own?.name ?? 'profile.yaml')} text={text} />
        {written !== undefined && (
          <Button isLocal icon="again" onClick={() => setWritten(undefined)}>
            {t('inspector.revert')}
          </Button>
        )}
      </div>
      {!mayTry && <p class="small soft">{t('inspector.readOnly')}</p>}
      <OutcomePart outcome={outcome} onJump={jump} />
    </div>
  );
}

/** The height of a line in the text, as in bytes.css. */
const LINE_PX = 22;

export function ProfilePanel() {
  const inverters = site.value?.inverters ?? [];
  const [chosen, setChosen] = useState('');
  const now = inverters.find(({ id }) => id === chosen) ?? inverters[0];
  if (!now) return <Empty icon="inspector">{t('inverter.none')}</Empty>;
  const known = explained.value.get(now.id);
  return (
    <div class="stack" data-no-swipe>
      <Select
        label={t('inspector.profileOf')}
        value={now.id}
        options={inverters.map(({ id, title }) => [id, `${id}: ${title}`] as const)}
        onValue={setChosen}
      />
      {!known && <Spinner />}
      {known && !known.profile && <Problem>{known.why ?? t('inspector.noProfile')}</Problem>}
      {known?.profile && <Editor key={now.id} profile={known.profile} />}
      {known?.profile?.files.slice(1).map(({ name, lines }) => (
        <details key={name} class="base-file">
          <summary>{t('inspector.baseFile', { name: fileName(name) })}</summary>
          <ProfileText label={name} text={lines.join('\n')} />
        </details>
      ))}
    </div>
  );
}
