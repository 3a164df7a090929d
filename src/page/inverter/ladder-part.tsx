// The watchdog ladder: where the data stand, and what is said when nothing more is heard.
import type { LiveBank } from '../../model/api/live.ts';
import type { SiteInverter } from '../../model/api/site.ts';
import type { AsRead } from '../../model/wire-health.ts';
import { durationText } from '../format.ts';
import { ageMs } from '../live/age.ts';
import { isLive, live, nowMs } from '../live/connection.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { site } from '../session/session.ts';
import { t } from '../words/words.ts';
import { isZeroTold, type Ladder, ladderAt, type Rung, type Step } from './ladder.ts';

const icons: { readonly [S in Step]: IconName } = {
  fresh: 'well',
  late: 'clock',
  stale: 'warn',
  zero: 'alarm',
  lost: 'broken',
};

const saidAt = (step: Step, lost: SiteInverter['lost']): string =>
  step === 'lost' ? t(`inverter.lost_${lost}`) : t(`inverter.said_${step}`);

/** Young data of a battery that stands still, say: the bank is stale, whatever its age. */
const hasFault = (): boolean =>
  Object.values(live.value?.packs ?? {}).some(({ fault }) => fault !== undefined);

/** Seconds to the tenth would dance; whole ones count. */
function NextText({ ladder, lost }: { readonly ladder: Ladder; readonly lost: SiteInverter['lost'] }) {
  if (!isLive.value) return <p class="ladder-next">{t('inverter.notHeard')}</p>;
  if (ladder.isReturning)
    return <p class="ladder-next">{t(hasFault() ? 'inverter.faulty' : 'inverter.returning')}</p>;
  if (!ladder.here) return <p class="ladder-next">{t('inverter.notOnLadder')}</p>;
  if (!ladder.next)
    return <p class="ladder-next">{t('inverter.lastRung', { said: saidAt('lost', lost) })}</p>;
  const { step, inMs } = ladder.next;
  return (
    <p class="ladder-next">
      {t('inverter.next', {
        time: durationText(inMs),
        step: t(`inverter.step_${step}`),
        said: saidAt(step, lost),
      })}
    </p>
  );
}

type Lost = SiteInverter['lost'];

function RungItem({ rung, lost }: { readonly rung: Rung; readonly lost: Lost }) {
  const { step, fromMs, stands } = rung;
  return (
    <li data-step={step} data-stands={stands} aria-current={stands === 'here' ? 'step' : undefined}>
      <Icon name={icons[step]} size={18} />
      <strong>{t(`inverter.step_${step}`)}</strong>
      <span class="small soft">{t('inverter.from', { time: durationText(fromMs) })}</span>
      <span class="small rung-said">{saidAt(step, lost)}</span>
    </li>
  );
}

interface LadderProps {
  readonly bank: LiveBank | undefined;
  readonly told: AsRead | undefined;
  readonly lost: Lost;
}

export function LadderPart({ bank, told, lost }: LadderProps) {
  const ages = site.value?.ages;
  if (!ages) return null;
  const age = ageMs(bank?.sample_at_ms, nowMs.value);
  const ladder = ladderAt(
    ages,
    (isLive.value && bank?.freshness) || 'never',
    age,
    bank !== undefined && isZeroTold(bank, told),
  );
  return (
    <div class="ladder">
      <h3>
        {t('inverter.watchdog')}
        {age !== undefined && <span class="soft"> · {t('shell.ageOf', { age: durationText(age) })}</span>}
      </h3>
      <ol>
        {ladder.rungs.map((rung) => (
          <RungItem key={rung.step} rung={rung} lost={lost} />
        ))}
      </ol>
      <NextText ladder={ladder} lost={lost} />
    </div>
  );
}
