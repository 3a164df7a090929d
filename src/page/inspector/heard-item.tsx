// One thing on a wire: bytes with what changed in them, its rhythm, and what it says beside the profile's lines.
import { useState } from 'preact/hooks';
import { DASH, durationText, numberText } from '../format.ts';
import { nowMs } from '../live/connection.ts';
import { Icon } from '../parts/icon.tsx';
import { t } from '../words/words.ts';
import { Bits, Bytes } from './bytes.tsx';
import { DecodedParts } from './decoded-rows.tsx';
import { type Heard, hexOf, rhythmOf, silenceOf } from './heard.ts';
import { sectionsOf, subtitleOf, titleOf } from './heard-words.ts';

const ms = (of: number | undefined, digits: number): string =>
  of === undefined ? DASH : `${numberText(of, digits)}\u00a0ms`;

const silence = (heard: Heard): number | undefined =>
  nowMs.value === undefined ? undefined : silenceOf(heard, nowMs.value);

function Rhythm({ heard }: { readonly heard: Heard }) {
  const rhythm = rhythmOf(heard);
  const silentMs = silence(heard);
  return (
    <span class="heard-rhythm small soft numbers">
      {t('inspector.count', { n: numberText(heard.count) })} ·{' '}
      {t('inspector.every', { ms: ms(rhythm?.periodMs, 0) })} ·{' '}
      {t('inspector.jitterOf', { ms: ms(rhythm?.jitterMs, 1) })}
      {silentMs !== undefined && (
        <strong> · {t('inspector.lastHeard', { time: durationText(silentMs) })}</strong>
      )}
    </span>
  );
}

const wayText = ({ last }: Heard): string => {
  if (last.kind !== 'frame') return t(hexOf(last) === '' ? 'inspector.noAnswer' : 'inspector.answered');
  return `${last.wire} · ${t(last.way === '>' ? 'inspector.sent' : 'inspector.received')}`;
};

const Way = ({ heard }: { readonly heard: Heard }) => (
  <span class="heard-way small soft">
    <Icon name={heard.last.kind === 'frame' && heard.last.way === '<' ? 'left' : 'right'} size={16} />
    {wayText(heard)}
  </span>
);

const Answer = ({ heard }: { readonly heard: Heard }) => {
  const hex = hexOf(heard.last);
  if (heard.last.kind !== 'frame' && hex === '') return <span class="soft">{t('inspector.noAnswer')}</span>;
  return <Bytes hex={hex} changed={heard.changed} />;
};

export function HeardItem({ heard }: { readonly heard: Heard }) {
  const [isOpen, setOpen] = useState(false);
  const subtitle = subtitleOf(heard);
  return (
    <li class="heard" data-silent={silence(heard) !== undefined}>
      <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <span class="heard-title">
            <strong class={heard.last.kind === 'frame' ? 'mono' : ''}>{titleOf(heard)}</strong>
            {subtitle && (
              <span class="small soft" lang="en">
                {subtitle}
              </span>
            )}
          </span>
          <Way heard={heard} />
          <Answer heard={heard} />
          <Rhythm heard={heard} />
        </summary>
        {isOpen && (
          <div class="stack heard-inside">
            <DecodedParts sections={sectionsOf(heard.last)} />
            {heard.last.kind === 'frame' && <Bits hex={hexOf(heard.last)} changed={heard.changed} />}
          </div>
        )}
      </details>
    </li>
  );
}
