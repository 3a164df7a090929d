// Lets a battery rest for a while: its link given up for another program, or held without a question.
import { useEffect, useState } from 'preact/hooks';
import type { Foretold } from '../../model/api/foretold.ts';
import type { LiveRest } from '../../model/api/live.ts';
import type { SiteBattery } from '../../model/api/site.ts';
import { ask, isRefused } from '../ask.ts';
import { quantityText } from '../format.ts';
import { live, nowMs } from '../live/connection.ts';
import { Badge, toneOfFreshness } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Card } from '../parts/card.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Spinner } from '../parts/empty.tsx';
import { Problem } from '../parts/problem.tsx';
import { t } from '../words/words.ts';
import { countdownText } from './countdown.ts';
import { foretoldTexts } from './foretold.ts';
import { askSteps } from './steps.ts';

type What = LiveRest['what'];

const pathOf = (battery: string, to: string): string => `/batteries/${encodeURIComponent(battery)}/${to}`;

/** Why it was not done, or undefined. Both are done in one step. */
const done = async (battery: string, to: 'rest' | 'resume', post: object): Promise<string | undefined> =>
  (await askSteps(pathOf(battery, to), post, { onStep: () => {}, left: new AbortController().signal }))?.why;

/** What the inverters will see, as the gateway foretells it. */
function useForetold(battery: string, what: What): Foretold | { readonly why: string } | undefined {
  const [said, setSaid] = useState<Foretold | { readonly why: string }>();
  useEffect(() => {
    const leaving = new AbortController();
    void ask<Foretold>(pathOf(battery, `foretell?what=${what}`), { left: leaving.signal }).then(
      (answer) => leaving.signal.aborted || setSaid(isRefused(answer) ? { why: answer.why } : answer),
    );
    return () => leaving.abort();
  }, [battery, what]);
  return said;
}

function RestDialog({
  battery,
  what,
  onClose,
}: {
  readonly battery: string;
  readonly what: What;
  readonly onClose: () => void;
}) {
  const foretold = useForetold(battery, what);
  const why = foretold && 'why' in foretold ? foretold.why : undefined;
  const [refused, setRefused] = useState<string>();
  const rest = async () => {
    const why = await done(battery, 'rest', { what });
    if (why === undefined) onClose();
    else setRefused(why);
  };
  return (
    <Confirm
      title={t(`inspector.rest_${what}`, { battery })}
      action={t(`inspector.do_${what}`)}
      isDangerous
      isBlocked={foretold === undefined || why !== undefined}
      onClose={onClose}
      onConfirm={rest}
    >
      <p>{t(`inspector.explain_${what}`)}</p>
      {foretold === undefined && <Spinner />}
      {foretold && 'course' in foretold && <p class="foretold">{foretoldTexts(foretold).join(' ')}</p>}
      {(refused ?? why) && <Problem>{refused ?? why}</Problem>}
    </Confirm>
  );
}

function Resting({ battery, rest }: { readonly battery: string; readonly rest: LiveRest }) {
  const [refused, setRefused] = useState<string>();
  const resume = async () => setRefused(await done(battery, 'resume', {}));
  const left = nowMs.value === undefined ? undefined : Math.max(0, rest.until_ms - nowMs.value);
  return (
    <>
      <Badge tone="warn" icon="pause">
        {t(`inspector.resting_${rest.what}`, { by: rest.by, time: countdownText(left) })}
      </Badge>
      <Button look="main" icon="play" onClick={resume}>
        {t('inspector.resumeNow')}
      </Button>
      {refused && <Problem>{refused}</Problem>}
    </>
  );
}

function BatteryRow({ battery }: { readonly battery: SiteBattery }) {
  const [asking, setAsking] = useState<What>();
  const pack = live.value?.packs[battery.id];
  const freshness = pack?.freshness ?? 'never';
  return (
    <li class="rest-row">
      <div class="row apart">
        <h3>{battery.id}</h3>
        <Badge tone={toneOfFreshness[freshness]}>{t(`freshness.${freshness}`)}</Badge>
      </div>
      <p class="small soft">
        {battery.bms}
        {pack?.link && ` · ${pack.link.state}`}
        {pack?.link?.rssi_dBm !== undefined && ` · ${quantityText(pack.link.rssi_dBm, 'dBm')}`}
      </p>
      <div class="row">
        {pack?.rest ? (
          <Resting battery={battery.id} rest={pack.rest} />
        ) : (
          <>
            <Button icon="broken" onClick={() => setAsking('link')}>
              {t('inspector.do_link')}
            </Button>
            <Button icon="pause" onClick={() => setAsking('reading')}>
              {t('inspector.do_reading')}
            </Button>
          </>
        )}
      </div>
      {asking && <RestDialog battery={battery.id} what={asking} onClose={() => setAsking(undefined)} />}
    </li>
  );
}

export const RestCard = ({ batteries }: { readonly batteries: readonly SiteBattery[] }) => (
  <Card title={t('inspector.restTitle')}>
    <p class="small soft">{t('inspector.restText')}</p>
    <ul class="rest-list">
      {batteries.map((battery) => (
        <BatteryRow key={battery.id} battery={battery} />
      ))}
    </ul>
  </Card>
);
