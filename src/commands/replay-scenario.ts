import type { Evaluation } from '../bank/memory.ts';
import { play, type Scenario } from '../bank/scenario.ts';
import { unmet } from '../bank/scenario-expect.ts';
import { parseScenario } from '../config/scenario-file.ts';
import { type DocumentProblem, GatewayError } from '../model/errors.ts';
import { explained } from './explain-table.ts';
import { print } from './print.ts';

/** The states as they go by; what did not hold of the scenario's expectations is put down. */
function* watched(
  file: string,
  scenario: Scenario,
  problems: DocumentProblem[],
): Generator<Evaluation, void> {
  for (const state of play(scenario)) {
    for (const { expectation: e, found } of unmet(scenario.expectations, state))
      problems.push({
        file,
        line: e.line,
        column: e.column,
        message: `\`${e.name}${e.sign}${e.wanted}\` does not hold at ${e.atMs / 1000}s; found: ${found}`,
      });
    yield state;
  }
}

/** Explains a scenario. Throws DOCUMENT_INVALID where it cannot be read, and where its expectations do not hold. */
export function replayScenario(
  file: string,
  text: string,
  { explain, config }: { explain?: true; config?: string },
): void {
  const refuse = (message: string) => new GatewayError('REFUSED', { message });
  if (!explain)
    throw refuse(`${file} is a scenario, which is not served; add \`--explain\` to see its limits`);
  if (config !== undefined)
    throw refuse(`${file} is a scenario and brings its own bank; leave out \`--config\``);
  const problems: DocumentProblem[] = [];
  print(explained(watched(file, parseScenario(file, text), problems)));
  if (problems.length) throw new GatewayError('DOCUMENT_INVALID', { problems });
}
