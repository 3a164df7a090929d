// What was looked at, how it stands, and what mends it.
import type { SetupFinding } from '../../model/api/setup.ts';
import { Badge, type Tone } from '../parts/badge.tsx';
import { GatewaySaid, gatewayText } from '../words/gateway-words.tsx';
import { s } from './words.ts';

const tones: { readonly [S in SetupFinding['state']]: Tone } = { ok: 'well', note: 'info', broken: 'alarm' };

/** Those that need somebody first. */
const worth: { readonly [S in SetupFinding['state']]: number } = { broken: 0, note: 1, ok: 2 };

const List = ({ findings }: { readonly findings: readonly SetupFinding[] }) => (
  <ul class="setup-findings">
    {findings
      .toSorted((a, b) => worth[a.state] - worth[b.state])
      .map(({ about, state, is, mend }) => (
        <li key={`${about} ${is}`}>
          <Badge tone={tones[state]}>{s(`state_${state}`)}</Badge>
          <div>
            <span>
              <strong>{gatewayText(about)}</strong>: <GatewaySaid>{is}</GatewaySaid>
            </span>
            {mend !== undefined && (
              <p class="small">
                {s('mendWith')} <GatewaySaid class="mono">{mend}</GatewaySaid>
              </p>
            )}
          </div>
        </li>
      ))}
  </ul>
);

/** What is well lies folded: on a phone it would stand between a person and the last button. */
export function Findings({ findings }: { readonly findings: readonly SetupFinding[] }) {
  const well = findings.filter(({ state }) => state === 'ok');
  const rest = findings.filter(({ state }) => state !== 'ok');
  return (
    <>
      {rest.length > 0 && <List findings={rest} />}
      {well.length > 0 && (
        <details>
          <summary>{s('passed', { n: well.length })}</summary>
          <List findings={well} />
        </details>
      )}
    </>
  );
}
