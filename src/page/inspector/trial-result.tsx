// What a check of a profile found: problems with their places, or old and new bytes side by side.
import { useState } from 'preact/hooks';
import type { Trial, TrialProblem, TrialRow } from '../../model/api/trial.ts';
import { DASH } from '../format.ts';
import { Badge } from '../parts/badge.tsx';
import { Check } from '../parts/field.tsx';
import { Problem } from '../parts/problem.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { GatewaySaid } from '../words/gateway-words.tsx';
import { t } from '../words/words.ts';
import { type ByteBeside, sideBySide } from './trial-rows.ts';

const Side = ({
  bytes,
  text,
}: {
  readonly bytes: readonly ByteBeside[];
  readonly text: readonly string[];
}) => (
  <>
    {bytes.length === 0 ? (
      DASH
    ) : (
      <span class="bytes mono">
        {bytes.map(({ hex, isChanged }, at) => (
          <span key={at} data-changed={isChanged}>
            {hex.toUpperCase()}
          </span>
        ))}
      </span>
    )}
    {text.map((line) => (
      <span key={line} class="small soft trial-meaning">
        {line}
      </span>
    ))}
  </>
);

const columns = (): readonly Column<TrialRow>[] => [
  { name: t('inspector.place'), cell: ({ place }) => <code>{place}</code>, isHead: true },
  {
    name: t('inspector.difference'),
    cell: ({ is_changed }) =>
      is_changed ? (
        <Badge tone="warn">{t('inspector.changed')}</Badge>
      ) : (
        <span class="soft small">{t('inspector.same')}</span>
      ),
  },
  {
    name: t('inspector.inForce'),
    cell: (row) => <Side bytes={sideBySide(row.now, row.then).before} text={row.now_text} />,
  },
  {
    name: t('inspector.asWritten'),
    cell: (row) => <Side bytes={sideBySide(row.now, row.then).after} text={row.then_text} />,
  },
];

interface ProblemsProps {
  readonly problems: readonly TrialProblem[];
  readonly onJump: (line: number, column: number) => void;
}

const Problems = ({ problems, onJump }: ProblemsProps) => (
  <>
    <Problem>{t('inspector.problems', { n: problems.length })}</Problem>
    <ul class="problem-list">
      {problems.map(({ line, column, message }) => (
        <li key={`${line}:${column} ${message}`}>
          <button type="button" onClick={() => onJump(line, column)}>
            <code>
              {line}:{column}
            </code>{' '}
            <GatewaySaid isOfFile>{message}</GatewaySaid>
          </button>
        </li>
      ))}
    </ul>
  </>
);

type Proven = Extract<Trial, { profile: string }>;

function Rows({ trial: { rows, profile, why } }: { readonly trial: Proven }) {
  const [isAll, setAll] = useState(false);
  const changed = rows.filter(({ is_changed }) => is_changed);
  return (
    <>
      <Badge tone="well">{t('inspector.proven', { profile })}</Badge>
      {why && (
        <GatewaySaid as="p" isOfFile>
          {why}
        </GatewaySaid>
      )}
      <p>
        {changed.length === 0
          ? t('inspector.nothingChanges')
          : t('inspector.placesChange', { n: changed.length })}
      </p>
      <Check label={t('inspector.showAll')} isOn={isAll} onChange={setAll} />
      {(isAll ? rows : changed).length > 0 && (
        <Table
          caption={t('inspector.oldAndNew')}
          columns={columns()}
          rows={isAll ? rows : changed}
          keyOf={({ place }) => place}
        />
      )}
      <p class="small">{t('inspector.howToApply')}</p>
    </>
  );
}

export const TrialResult = ({
  trial,
  onJump,
}: {
  readonly trial: Trial;
  readonly onJump: ProblemsProps['onJump'];
}) => ('profile' in trial ? <Rows trial={trial} /> : <Problems problems={trial.problems} onJump={onJump} />);
