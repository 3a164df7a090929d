import { idText } from '../describe.ts';
import type { Path } from '../document.ts';
import { type FrameLayout, frameLayouts, type Slot } from '../layout.ts';
import { didYouMean } from '../nearest.ts';
import { canMeet } from '../options.ts';
import type { CanSpec, Profile } from '../schema.ts';
import { type Finding, found } from './finding.ts';
import { layoutFindings, whenFindings } from './slots.ts';

/** One id may carry several contents when a byte of theirs says which. */
const toldApart = ({ part: a }: FrameLayout, { part: b }: FrameLayout): boolean =>
  a !== undefined && b !== undefined && a.at === b.at && a.value !== b.value;

const phasesMeet = (a: FrameLayout, b: FrameLayout): boolean =>
  !a.phases || !b.phases || a.phases.some((phase) => b.phases?.includes(phase));

const isTwin = (a: FrameLayout, b: FrameLayout): boolean =>
  a.id === b.id &&
  a.extended === b.extended &&
  canMeet(a.when, b.when) &&
  phasesMeet(a, b) &&
  !toldApart(a, b);

/** A name that nothing in the profile answers to. */
function unknownNames(
  used: readonly string[] | undefined,
  known: readonly string[],
  path: Path,
  what: string,
): Finding[] {
  return (used ?? []).flatMap((name, i) =>
    known.includes(name)
      ? []
      : [
          found(
            [...path, i],
            `there is no ${what} \`${name}\`${didYouMean(name, known) || `; ${cure[what]}`}`,
          ),
        ],
  );
}

const cure: Readonly<Record<string, string>> = {
  phase: 'name it under `can.phases`',
  question: 'give a frame `when_asked` with this name, or a received frame that `asks` it',
};

/** Questions without an answer, answers without a question, phases that nobody named. */
function talkFindings(can: CanSpec): Finding[] {
  const asked = [...can.receives.flatMap((r) => r.asks), ...(can.starts_with ?? [])];
  const answered = can.frames.flatMap((f) => f.when_asked ?? []);
  const phases = can.phases ?? [];
  return [
    ...unknownNames(can.starts_with, answered, ['can', 'starts_with'], 'question'),
    ...can.receives.flatMap((r, i) => {
      const at = ['can', 'receives', i];
      return [
        ...unknownNames(r.asks, answered, [...at, 'asks'], 'question'),
        ...unknownNames(r.leads?.from, phases, [...at, 'leads', 'from'], 'phase'),
        ...(r.leads ? unknownNames([r.leads.to], phases, [...at, 'leads', 'to'], 'phase') : []),
      ];
    }),
    ...can.frames.flatMap((f, i) => {
      const at = ['can', 'frames', i];
      return [
        ...unknownNames(f.when_asked, asked, [...at, 'when_asked'], 'question'),
        ...unknownNames(f.phases, phases, [...at, 'phases'], 'phase'),
      ];
    }),
    ...(can.starts === 'heard' && !can.receives.some((r) => r.means === 'alive')
      ? [found(['can', 'starts'], 'nothing that is received starts this talk; add a frame under `receives`')]
      : []),
  ];
}

const orderFindings = ({ order }: CanSpec, options: Profile['options']): Finding[] =>
  typeof order === 'string' ? [] : wayFindings(order.option, ['little', 'big'], options, ['can', 'order']);

/** Without an option of its kind an address would be none. */
function offsetFindings({ id_offset }: CanSpec, options: Profile['options']): Finding[] {
  if (!id_offset) return [];
  const option = options[id_offset.option];
  return option?.kind === 'number' && option.min >= 0
    ? []
    : [found(['can', 'id_offset'], `option \`${id_offset.option}\` must be a number from 0 on`)];
}

/** The highest address that the installer may choose. */
function mostOffset({ id_offset }: CanSpec, options: Profile['options']): number {
  const option = id_offset && options[id_offset.option];
  return option?.kind === 'number' ? option.max : 0;
}

/** An option that chooses a way must offer exactly the ways that there are. */
export function wayFindings(
  name: string,
  ways: readonly string[],
  options: Profile['options'],
  path: Path,
): Finding[] {
  const option = options[name];
  const offered = option?.kind === 'choice' ? option.values : [];
  return offered.length > 0 && offered.every((value) => ways.includes(value))
    ? []
    : [found(path, `option \`${name}\` must be a choice of ${ways.map((w) => `\`${w}\``).join(', ')}`)];
}

/** Every `phases` of a slot, its own or those of its cases, and where it stands. */
function phasesIn(slot: Slot): { readonly phases: readonly string[] | undefined; readonly at: Path }[] {
  switch (slot.kind) {
    case 'bit':
    case 'pair':
      return [{ phases: slot.phases, at: slot.path }];
    case 'code':
      return slot.cases.map(({ phases }, i) => ({ phases, at: [...slot.path, 'cases', i] }));
    case 'number':
      return (slot.instead ?? []).map(({ phases }, i) => ({ phases, at: [...slot.path, 'instead', i] }));
    default:
      return [];
  }
}

const phaseConditions = (layout: FrameLayout, known: readonly string[]): Finding[] =>
  layout.slots
    .flatMap(phasesIn)
    .flatMap(({ phases, at }) => unknownNames(phases, known, [...at, 'phases'], 'phase'));

/** Where the installer chooses the byte order, what fits in one may lie on top of each other in the other. */
function inBothOrders(frame: FrameLayout, turned: FrameLayout | undefined, options: Profile['options']) {
  const wrong = layoutFindings(frame, options);
  return wrong.length > 0 || !turned ? wrong : layoutFindings(turned, options);
}

export function frameFindings(can: CanSpec, options: Profile['options']): Finding[] {
  const layouts = frameLayouts(can);
  const turned = typeof can.order === 'string' ? [] : frameLayouts(can, { [can.order.option]: 'big' });
  const each = layouts.flatMap((frame, i) => {
    const twin = layouts.slice(0, i).find((other) => isTwin(other, frame));
    return [
      ...(twin
        ? [found([...frame.path, 'id'], `frame ${idText(frame)} is described twice; join the two`)]
        : []),
      ...(frame.id + mostOffset(can, options) > (frame.extended ? 0x1fffffff : 0x7ff)
        ? [
            found(
              [...frame.path, 'id'],
              frame.extended
                ? `${idText(frame)} and the address do not fit 29 bits; lower the most that the option takes`
                : `${idText(frame)} does not fit 11 bits; add \`extended: true\` or correct it`,
            ),
          ]
        : []),
      ...(frame.every !== undefined && frame.every % can.every !== 0
        ? [
            found(
              [...frame.path, 'every'],
              `this frame cannot keep time with a beat of ${can.every / 1000} s; write a multiple of it`,
            ),
          ]
        : []),
      ...phaseConditions(frame, can.phases ?? []),
      ...whenFindings(options, frame.path, frame.when),
      ...inBothOrders(frame, turned[i], options),
    ];
  });
  return [...orderFindings(can, options), ...offsetFindings(can, options), ...talkFindings(can), ...each];
}
