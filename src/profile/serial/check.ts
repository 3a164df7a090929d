import { shapes } from '../../bytes/field.ts';
import { type Finding, found } from '../check/finding.ts';
import { wayFindings } from '../check/frames.ts';
import { layoutFindings, whenFindings } from '../check/slots.ts';
import type { Path } from '../document.ts';
import { didYouMean } from '../nearest.ts';
import { canMeet } from '../options.ts';
import type { Profile } from '../schema.ts';
import { MOST_IN_ROW } from './compile.ts';
import { type AnswerLayout, answerLayouts, type Part } from './layout.ts';
import type { SerialSpec } from './schema.ts';

type Options = Profile['options'];

const phasesMeet = (a: AnswerLayout, b: AnswerLayout): boolean =>
  !a.phases || !b.phases || a.phases.some((phase) => b.phases?.includes(phase));

/** Bytes before the first have no place on the wire. */
function beforeFirst(part: Part): Finding[] {
  if (part.kind !== 'stretch' || part.first === 0) return [];
  return part.layout.slots
    .filter(({ at }) => at < part.first)
    .map(({ at, path }) =>
      found(
        [...path, 'at'],
        `byte ${at} lies before the first byte told here, which is ${part.first}; move it or correct \`first\``,
      ),
    );
}

function answerFindings(answer: AnswerLayout, earlier: readonly AnswerLayout[], options: Options): Finding[] {
  const twin = earlier.find(
    (other) => other.ask === answer.ask && canMeet(other.when, answer.when) && phasesMeet(other, answer),
  );
  return [
    ...(twin
      ? [found([...answer.path, 'ask'], `command 0x${answer.name} is answered twice; join the two`)]
      : []),
    ...whenFindings(options, answer.path, answer.when),
    ...answer.parts.flatMap((part) => [
      ...whenFindings(options, part.path, part.when),
      ...beforeFirst(part),
      ...(part.kind === 'stretch' ? layoutFindings(part.layout, options) : []),
    ]),
  ];
}

function unknownPhases(used: readonly string[] | undefined, known: readonly string[], path: Path): Finding[] {
  return (used ?? []).flatMap((name, i) =>
    known.includes(name)
      ? []
      : [
          found(
            [...path, i],
            `there is no phase \`${name}\`${didYouMean(name, known) || '; name it under `serial.phases`'}`,
          ),
        ],
  );
}

/** Phases that an entry asks for, in its conditions or in those of its cases. */
const phaseConditions = ({ parts }: AnswerLayout, phases: readonly string[]): Finding[] =>
  parts.flatMap((part) =>
    part.kind !== 'stretch'
      ? []
      : part.layout.slots.flatMap((slot) => {
          if (slot.kind === 'bit' || slot.kind === 'pair')
            return unknownPhases(slot.phases, phases, [...slot.path, 'phases']);
          if (slot.kind !== 'code') return [];
          return slot.cases.flatMap((c, i) =>
            unknownPhases(c.phases, phases, [...slot.path, 'cases', i, 'phases']),
          );
        }),
  );

function talkFindings(serial: SerialSpec, answers: readonly AnswerLayout[]): Finding[] {
  const phases = ('phases' in serial && serial.phases) || [];
  return answers.flatMap((answer) => [
    ...unknownPhases(answer.phases, phases, [...answer.path, 'phases']),
    ...phaseConditions(answer, phases),
    ...answer.leads.flatMap(({ from, to }, i) => [
      ...unknownPhases(from, phases, [...answer.path, 'leads', i, 'from']),
      ...unknownPhases([to], phases, [...answer.path, 'leads', i]),
    ]),
  ]);
}

function optionOfKind(name: string, kind: 'flag' | 'number', options: Options, path: Path): Finding[] {
  return options[name]?.kind === kind
    ? []
    : [found(path, `there is no option \`${name}\` of kind \`${kind}\`; add it under \`options\``)];
}

const busAddress = ({ min, max }: { min: number; max: number }): boolean => min >= 1 && max <= 254;

function addressFindings(serial: Extract<SerialSpec, { addresses: unknown }>, options: Options): Finding[] {
  return serial.addresses.flatMap((address, i) => {
    const path: Path = ['serial', 'addresses', i];
    if (typeof address === 'number')
      return serial.addresses.indexOf(address) < i
        ? [found(path, `address ${address} is given twice; keep one of them`)]
        : [];
    const option = options[address.option];
    return [
      ...optionOfKind(address.option, 'number', options, path),
      ...(option?.kind === 'number' && !busAddress(option)
        ? [
            found(
              path,
              `option \`${address.option}\` must stay within the addresses 1 to 254; correct its \`min\` and \`max\``,
            ),
          ]
        : []),
    ];
  });
}

function mannerFindings(serial: SerialSpec, options: Options): Finding[] {
  if (serial.codec === 'kostal') return [];
  const { rtn_echo: echo, on_bad_checksum: bad, answers, refuses } = serial;
  return [
    ...addressFindings(serial, options),
    ...(typeof echo === 'boolean' ? [] : optionOfKind(echo.option, 'flag', options, ['serial', 'rtn_echo'])),
    ...(typeof bad === 'string'
      ? []
      : wayFindings(bad.option, ['silent', 'answer'], options, ['serial', 'on_bad_checksum'])),
    ...refuses.flatMap(({ ask }, i) =>
      answers.some((answer) => answer.ask === ask)
        ? [found(['serial', 'refuses', i, 'ask'], 'this command has an answer; take it away here or there')]
        : [],
    ),
  ];
}

/** What one frame carries: LENID has twelve bits of characters; a pointer of the other codec is one byte. */
const MOST_CONTENT = { 'pylontech-ascii': 2047, kostal: 247 } as const;

/** Bytes that a part may grow to. */
function mostOf(part: Part): number {
  switch (part.kind) {
    case 'stretch':
      return part.layout.length - part.first;
    case 'row':
      return 1 + MOST_IN_ROW * shapes[part.as].bytes;
    case 'states':
      return 1 + MOST_IN_ROW;
    case 'address':
      return 1;
  }
}

/** Longer ones would go out with a length that is not theirs. */
function tooLong({ parts, path }: AnswerLayout, codec: SerialSpec['codec']): Finding[] {
  const most = parts.reduce((sum, part) => sum + mostOf(part), 0);
  return most <= MOST_CONTENT[codec]
    ? []
    : [
        found(
          path,
          `this answer can grow to ${most} bytes, but a frame carries ${MOST_CONTENT[codec]}; take parts out, or put them into another answer`,
        ),
      ];
}

/** Every mistake in `serial:` that the schema cannot see. */
export function serialFindings(serial: SerialSpec, options: Options): Finding[] {
  const answers = answerLayouts(serial);
  return [
    ...mannerFindings(serial, options),
    ...talkFindings(serial, answers),
    ...answers.flatMap((answer, i) => [
      ...tooLong(answer, serial.codec),
      ...answerFindings(answer, answers.slice(0, i), options),
    ]),
  ];
}
