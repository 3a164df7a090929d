// What a profile must not do however right its bytes are: lose a limit, keep it back, or hide that the data is old.
import type { SignalName } from '../../model/signals.ts';
import type { Path } from '../document.ts';
import { type FrameLayout, frameLayouts, type Slot, windowLayouts } from '../layout.ts';
import { holds, type Settings, wishes } from '../options.ts';
import type { CanSpec, Profile, Setting, When } from '../schema.ts';
import { type AnswerLayout, answerLayouts } from '../serial/layout.ts';
import { beatFindings } from './beat.ts';
import { type Finding, found } from './finding.ts';

/** What an inverter cannot do without, and which signals say it. */
export const mandatory: readonly (readonly SignalName[])[] = [
  ['charge_voltage_limit_V'],
  ['charge_current_limit_A'],
  ['discharge_current_limit_A'],
  ['soc_told_pct', 'soc_pct'],
  ['voltage_V'],
  ['current_A'],
];

/** One place that tells things, with everything that may keep it from being told. */
interface Telling {
  readonly slots: readonly Slot[];
  readonly whens: readonly (When | undefined)[];
  readonly path: Path;
  /** Why it may not be told though the settings have it. */
  readonly doubt?: string | undefined;
}

/** The phases that the talk can come to. */
const reached = ({ phases = [], receives }: CanSpec): Set<string> =>
  new Set([...phases.slice(0, 1), ...receives.flatMap(({ leads }) => leads?.to ?? [])]);

function doubtOfFrame(can: CanSpec): (frame: FrameLayout) => string | undefined {
  const asked = new Set(can.receives.flatMap(({ asks }) => asks));
  const phases = reached(can);
  return ({ optional, when_asked: groups, phases: only }) => {
    if (optional) return 'is left out while something in it is unknown';
    if (groups && !groups.some((group) => asked.has(group))) return 'is told only once, when the talk starts';
    if (only && !only.some((phase) => phases.has(phase))) return 'waits for a phase that nothing leads to';
    return undefined;
  };
}

function frameTellings(can: CanSpec): Telling[] {
  const doubtOf = doubtOfFrame(can);
  return frameLayouts(can).map((frame) => ({
    slots: frame.slots,
    whens: [frame.when],
    path: frame.path,
    doubt: doubtOf(frame),
  }));
}

const answerTellings = ({ when, optional, parts, path }: AnswerLayout): Telling[] =>
  parts.flatMap((part) =>
    part.kind === 'stretch'
      ? [
          {
            slots: part.layout.slots,
            whens: [when, part.when],
            path,
            ...(optional && { doubt: 'is left out while something in it is unknown' }),
          },
        ]
      : [],
  );

function tellingsOf({ can, modbus, serial }: Profile): Telling[] {
  return [
    ...(can ? frameTellings(can) : []),
    ...(modbus ? windowLayouts(modbus).map(({ slots, path }) => ({ slots, whens: [], path })) : []),
    ...(serial ? answerLayouts(serial).flatMap(answerTellings) : []),
  ];
}

/** More settings than this at once are not gone through; no profile comes near. */
const MOST_SETTINGS = 4096;

/** Every value of an option that makes a difference to these wishes; of numbers and texts one that nobody asks for as well. */
function valuesOf(
  option: Profile['options'][string] | undefined,
  wished: readonly Setting[],
): readonly Setting[] {
  if (option?.kind === 'choice') return option.values;
  if (option?.kind === 'flag') return [true, false];
  return option
    ? [...new Set([...wished, option.default]), option.kind === 'number' ? Number.NaN : '\0']
    : [];
}

/** Every way in which the options that these entries ask for can be set; undefined when there are too many. */
function settingsAsked(
  options: Profile['options'],
  whens: readonly (When | undefined)[],
): Settings[] | undefined {
  const asked = Map.groupBy(whens.flatMap(wishes), ([name]) => name);
  let all: Settings[] = [{}];
  for (const [name, wished] of asked) {
    const values = valuesOf(
      options[name],
      wished.map(([, value]) => value),
    );
    if (all.length * values.length > MOST_SETTINGS) return undefined;
    all = all.flatMap((settings) => values.map((value) => ({ ...settings, [name]: value })));
  }
  return all;
}

const settingText = (settings: Settings): string =>
  Object.entries(settings)
    .map(
      ([name, value]) =>
        `\`${name}\` ${Number.isNaN(value) || value === '\0' ? 'another value' : `\`${value}\``}`,
    )
    .join(' and ');

/** Each mandatory signal must be told under every setting, by a place that is always told. */
function coverage(
  names: readonly SignalName[],
  tellings: readonly Telling[],
  options: Profile['options'],
): Finding[] {
  const [name] = names;
  const ways = tellings.flatMap(({ slots, whens, path, doubt }) =>
    slots.flatMap((slot) =>
      slot.kind === 'number' && names.some((n) => n === slot.from)
        ? [{ whens: [...whens, slot.when], path: slot.path, doubt, near: path }]
        : [],
    ),
  );
  const [first] = ways;
  if (!first) return [];
  const sure = ways.filter(({ doubt }) => doubt === undefined);
  if (sure.length === 0)
    return [found(first.path, `\`${name}\` ${first.doubt}; tell it in a place that is always told as well`)];
  const untold = settingsAsked(
    options,
    sure.flatMap(({ whens }) => whens),
  )?.find((settings) => !sure.some(({ whens }) => whens.every((when) => holds(when, settings))));
  return untold
    ? [
        found(
          first.path,
          `under ${settingText(untold)} nothing tells \`${name}\`; tell it under every setting`,
        ),
      ]
    : [];
}

const limits: readonly SignalName[] = [
  'charge_voltage_limit_V',
  'charge_current_limit_A',
  'discharge_current_limit_A',
  'charge_power_limit_W',
  'discharge_power_limit_W',
];

const tells =
  (names: readonly SignalName[]) =>
  (slot: Slot): boolean =>
    slot.kind === 'number' && names.some((name) => name === slot.from);

const agingNumbers: readonly SignalName[] = [
  'data_age_s',
  'heartbeat',
  'charge_current_limit_A',
  'discharge_current_limit_A',
];
const agingFlags: readonly SignalName[] = ['charge_enable', 'discharge_enable', 'online'];

type Conditional = Pick<Extract<Slot, { kind: 'bit' }>, 'since' | 'until' | 'flags' | 'off'>;

const isAging = ({ since, until, flags = [], off = [] }: Conditional): boolean =>
  since !== undefined || until !== undefined || [...flags, ...off].some((flag) => agingFlags.includes(flag));

/** Does this entry change when the data grows old? */
function showsAge(slot: Slot): boolean {
  if (slot.kind === 'number')
    return tells([...agingNumbers, ...limits])(slot) || (slot.instead ?? []).some(isAging);
  if (slot.kind === 'code') return slot.cases.some(isAging);
  return (slot.kind === 'bit' || slot.kind === 'pair') && isAging(slot);
}

const measurements: readonly SignalName[] = ['soc_told_pct', 'soc_pct', 'voltage_V', 'current_A'];

/** A battery that is described must not look alive for ever: where no limit falls, something else must change. */
function ageless(tellings: readonly Telling[]): Finding[] {
  const slots = tellings.flatMap((telling) => telling.slots);
  const described = measurements.filter((name) => slots.some(tells([name])));
  return described.length < 2 || slots.some(showsAge)
    ? []
    : [
        found(
          ['lost'],
          'nothing here would show an inverter that the data is old; tell a limit, or raise a bit `since: stale`',
        ),
      ];
}

/** Permission must come from the bank alone. */
const permissions: readonly SignalName[] = ['charge_enable', 'discharge_enable'];

function permitted(slot: Slot): Finding[] {
  if ((slot.kind !== 'bit' && slot.kind !== 'pair') || slot.inverted) return [];
  const {
    flags = [],
    off,
    alarms,
    warnings,
    faults,
    errors,
    since,
    until,
    less,
    zero,
    equals,
    status,
    phases,
  } = slot;
  const other = [off, alarms, warnings, faults, errors, since, until, less, zero, equals, status, phases];
  const permission = flags.find((flag) => permissions.includes(flag));
  return permission && other.some((condition) => condition !== undefined)
    ? [
        found(
          slot.path,
          `something else than \`${permission}\` raises this permission as well; keep the two apart`,
        ),
      ]
    : [];
}

/** Everything that would make a right profile a dangerous one. */
export function safetyFindings(profile: Profile): Finding[] {
  const { can, options, lacks } = profile;
  const tellings = tellingsOf(profile);
  return [
    ...mandatory
      .filter((names) => !names.some((name) => lacks.some((lack) => lack === name)))
      .flatMap((names) => coverage(names, tellings, options)),
    ...(can ? beatFindings(can) : []),
    ...ageless(tellings),
    ...tellings.flatMap(({ slots }) => slots.flatMap(permitted)),
  ];
}
