import { earReport } from '../ble/heard-orders.ts';
import type { EarReport } from '../ble/orders.ts';
import type { Clock } from '../model/freshness.ts';
import type { Change } from './changes.ts';
import type { Evaluating } from './evaluation.ts';
import { tallyRejections } from './rejections.ts';

/** What became of a person's command. */
export type Commanded = Extract<EarReport, { type: 'commanded' }>;
type Link = Extract<EarReport, { type: 'link' }>;

const linkWords: { readonly [S in Link['state']]: { level: Change['level'] | 'debug'; text: string } } = {
  found: { level: 'notice', text: 'battery found' },
  connecting: { level: 'debug', text: 'battery is being connected' },
  connected: { level: 'notice', text: 'battery connected' },
  lost: { level: 'warn', text: 'link to battery lost' },
  resting: { level: 'debug', text: 'link given back to the next battery' },
};

type Recovery = Extract<EarReport, { type: 'recovery' }>;

const recoveryLevels: { readonly [O in Recovery['outcome']]: Change['level'] } = {
  tried: 'warn',
  helped: 'notice',
  'did not help': 'warn',
  'not possible': 'notice',
};

/** A change, or something only a debugger wants. */
export type Said = Omit<Change, 'level'> & { readonly level: Change['level'] | 'debug' | 'warn' };

/** Takes what the ear says: samples to the evaluation, all else to the log, a change at a time. */
export function takeReports(
  evaluation: () => Evaluating,
  clock: Clock,
  say: (said: Said) => void,
  heardBack: (result: Commanded) => void = () => {},
) {
  const reject = tallyRejections(clock, say);
  const takers: { readonly [T in EarReport['type']]: (report: Extract<EarReport, { type: T }>) => void } = {
    sample({ battery, atMs, reading }) {
      const refused = evaluation().hear(battery, { atMs, reading });
      if (refused) reject(battery, `sample ${refused}`, 1);
    },
    link({ battery, state, why, rssiDbm, inTurn }) {
      const words = linkWords[state];
      say({ ...words, level: inTurn ? 'debug' : words.level, fields: { battery, why, rssiDbm } });
    },
    recovery({ radio, battery, rung, outcome, why }) {
      const level = rung === 'stand-in' && outcome === 'tried' ? 'error' : recoveryLevels[outcome];
      say({ level, text: `recovery: ${rung} ${outcome}`, fields: { radio, battery, why } });
    },
    rejected: ({ battery, why, count }) => reject(battery, why, count),
    adapter({ radio, state, why }) {
      const level = state === 'ready' ? 'notice' : 'error';
      say({ level, text: `radio ${state}`, fields: { radio, why } });
    },
    commanded: heardBack,
    notice: ({ battery, text }) => say({ level: 'notice', text, fields: { battery } }),
  };
  return (message: unknown): void => {
    const report = earReport(message);
    // The table above has one taker for each type, of exactly that type.
    if (report) (takers[report.type] as (r: EarReport) => void)(report);
    else say({ level: 'warn', text: 'a report of the ear was not understood', fields: {} });
  };
}
