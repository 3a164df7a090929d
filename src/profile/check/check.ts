import { isSignalName, type SignalName, signalSpec } from '../../model/signals.ts';
import type { Path } from '../document.ts';
import { frameLayouts, type Layout, windowLayouts } from '../layout.ts';
import { settingProblem } from '../options.ts';
import type { Profile } from '../schema.ts';
import { serialFindings } from '../serial/check.ts';
import { answerLayouts, stretchesOf } from '../serial/layout.ts';
import { type Finding, found } from './finding.ts';
import { frameFindings } from './frames.ts';
import { registerFindings } from './registers.ts';
import { mandatory, safetyFindings } from './safety.ts';

function missingSignals(layouts: readonly Layout[], lacks: readonly SignalName[], path: Path): Finding[] {
  const told = new Set<SignalName>(
    layouts.flatMap((l) => l.slots.flatMap((s) => (s.kind === 'number' ? [s.from] : []))),
  );
  return mandatory
    .filter((names) => !names.some((name) => told.has(name) || lacks.includes(name)))
    .map(([name]) =>
      found(
        path,
        `nothing here tells \`${name}\`; add it, or name it under \`lacks:\` if the protocol has no place for it`,
      ),
    );
}

const fitting = { text: 'text', number: 'number', flag: 'flag', choice: undefined } as const;

const optionFindings = (profile: Profile): Finding[] =>
  Object.entries(profile.options).flatMap(([name, option]) => {
    const problem = settingProblem(profile.options, name, option.default);
    const kind = isSignalName(name) ? signalSpec(name).kind : undefined;
    return [
      ...(problem ? [found(['options', name, 'default'], problem)] : []),
      ...(kind !== undefined && kind !== fitting[option.kind]
        ? [
            found(
              ['options', name, 'kind'],
              `option \`${name}\` stands in for the signal of that name, which is a ${kind}; make it one or call it otherwise`,
            ),
          ]
        : []),
    ];
  });

const buses = ['can', 'modbus', 'serial'] as const;

/** A profile serves one kind of bus, and only Modbus has exceptions. */
function busFindings(profile: Profile): Finding[] {
  const [first, second] = buses.filter((bus) => profile[bus] !== undefined);
  return [
    ...(first && second
      ? [found([second], `a profile serves one bus; put \`${first}:\` and \`${second}:\` into two profiles`)]
      : []),
    ...(first ? [] : [found([], 'this profile serves no bus; add `can:`, `modbus:` or `serial:`')]),
    ...(profile.lost === 'exception' && !profile.modbus
      ? [
          found(
            ['lost'],
            `${profile.can ? 'CAN' : 'this protocol'} has no exception to answer with; write \`hold\` or \`silent\``,
          ),
        ]
      : []),
  ];
}

/** Every mistake that the schema cannot see, examples apart. */
export function findings(profile: Profile): Finding[] {
  const { can, modbus, serial, options, lacks } = profile;
  const wrong = [
    ...optionFindings(profile),
    ...busFindings(profile),
    ...(can ? [...missingSignals(frameLayouts(can), lacks, ['can']), ...frameFindings(can, options)] : []),
    ...(modbus
      ? [...missingSignals(windowLayouts(modbus), lacks, ['modbus']), ...registerFindings(modbus, options)]
      : []),
    ...(serial
      ? [
          ...missingSignals(stretchesOf(answerLayouts(serial)), lacks, ['serial']),
          ...serialFindings(serial, options),
        ]
      : []),
  ];
  return wrong.length > 0 ? wrong : safetyFindings(profile);
}
