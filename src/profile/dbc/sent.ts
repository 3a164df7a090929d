import type { CompiledCan } from '../compile.ts';
import { idText } from '../describe.ts';
import { timing } from '../explain.ts';
import type { FrameLayout, Slot } from '../layout.ts';
import type { Evidence } from '../schema.ts';
import type { DbcMessage, DbcSignal } from './dbc.ts';
import { identifier, namer } from './names.ts';
import { draftsOf, placeOf } from './slots.ts';

export const BATTERY = 'Battery';
export const INVERTER = 'Inverter';

/** `x351_measurements`: the id keeps names apart that begin alike. */
export const messageName = (frame: { id: number; extended: boolean }, title: string | undefined): string =>
  identifier(`x${idText(frame).slice(2)}_${title ?? ''}`);

/** One id on the wire. */
export const keyOfId = ({ id, extended }: { id: number; extended: boolean }): string =>
  `${extended ? 'x' : 's'}${id}`;

/** Contents of one id that a reader can tell apart: the one content, or those that a byte at one place tells apart. */
function tellable(layouts: readonly FrameLayout[]): readonly FrameLayout[] {
  const [first] = layouts;
  if (first?.part === undefined) return first ? [first] : [];
  const parts = Map.groupBy(
    layouts.filter(({ part }) => part?.at === first.part?.at),
    ({ part }) => part?.value,
  );
  return [...parts.values()].flatMap(([one]) => (one ? [one] : []));
}

/** What the talk ends with is what goes on: contents of other phases come last. */
const settled = ({ layouts, talk }: CompiledCan): FrameLayout[] => {
  const last = talk.phases?.at(-1);
  const goesOn = ({ phases }: FrameLayout) =>
    phases === undefined || (last !== undefined && phases.includes(last));
  return [...layouts.filter(goesOn), ...layouts.filter((layout) => !goesOn(layout))];
};

const isPart = (layout: FrameLayout, slot: Slot): boolean =>
  layout.part !== undefined && slot.path.at(-1) === 'part';

/** The byte that says which content this is. */
const selector = (at: number, layouts: readonly FrameLayout[]): DbcSignal => ({
  name: 'part',
  mux: 'M',
  ...placeOf(at, 'u8'),
  signed: false,
  factor: 1,
  offset: 0,
  min: 0,
  max: 255,
  unit: '',
  values: layouts.map(({ part, title }) => [part?.value ?? 0, title ?? `part ${part?.value}`]),
});

/** A part that says nothing still needs a signal: some readers stumble over a multiplexer value that has none. */
function ownSlots(layout: FrameLayout): readonly Slot[] {
  const own = layout.slots.filter((slot) => !isPart(layout, slot));
  const free = layout.part?.at === 0 ? 1 : 0;
  if (own.length > 0 || layout.part === undefined || layout.length < 2) return own;
  const bytes = layout.pad.toString(16).padStart(2, '0');
  return [{ kind: 'bytes', at: free, bytes, name: 'padding', path: layout.path }];
}

function signalsOf(layouts: readonly FrameLayout[], evidence: Evidence): DbcSignal[] {
  const at = layouts[0]?.part?.at;
  const drafts = layouts.flatMap((layout) =>
    ownSlots(layout)
      .toSorted((a, b) => a.at - b.at)
      .flatMap((slot) => draftsOf(slot, evidence))
      .map((draft) => (layout.part ? { ...draft, mux: layout.part.value } : draft)),
  );
  const named = namer();
  return (at === undefined ? drafts : [selector(at, layouts), ...drafts]).map((draft) => ({
    ...draft,
    name: named(draft.name),
  }));
}

const padText = ({ pad }: FrameLayout): string => (pad ? `, unassigned bytes are ${pad}` : '');

/** `longest` is the length that the data base has for the id. */
const describe = (layout: FrameLayout, longest: number): string =>
  `${layout.title ?? 'no title'}${timing(layout)}${padText(layout)}${layout.length < longest ? `, only ${layout.length} bytes long` : ''}`;

function messageOf(
  layouts: readonly FrameLayout[],
  hidden: readonly FrameLayout[],
  can: CompiledCan,
  evidence: Evidence,
): DbcMessage[] {
  const [first] = layouts;
  if (!first) return [];
  const length = Math.max(...layouts.map((layout) => layout.length));
  const comment = [
    ...layouts.map((layout) => describe(layout, length)),
    ...hidden.map((other) => `not described here: ${describe(other, length)}`),
  ].join('; ');
  return [
    {
      id: first.id,
      extended: first.extended,
      name: messageName(first, first.title),
      length,
      sender: BATTERY,
      receivers: [INVERTER],
      comment,
      ...(first.when_asked === undefined && { cycleMs: first.every ?? can.everyMs }),
      signals: signalsOf(layouts, evidence),
    },
  ];
}

/** Every id that the profile sends, once; of contents that a DBC cannot hold side by side, those of the last phase. */
export const sentMessages = (can: CompiledCan, evidence: Evidence): DbcMessage[] =>
  [...Map.groupBy(settled(can), keyOfId).values()].flatMap((layouts) => {
    const shown = tellable(layouts);
    return messageOf(
      shown,
      layouts.filter((layout) => !shown.includes(layout)),
      can,
      evidence,
    );
  });
