// The wizard's memory: what the gateway knows of the draft, and which step is looked at. The address of the page says the step.
import { computed, signal } from '@preact/signals';
import type { KnownPack } from '../../bank/proposed.ts';
import type { SetupBattery, SetupDraft, SetupSecrets, SetupState } from '../../model/api/setup.ts';
import type { SetupAir, SetupReading } from '../../model/api/setup-air.ts';
import { ask, isRefused } from '../ask.ts';
import { address, go } from '../router.ts';
import { gatewayText } from '../words/gateway-words.tsx';
import { s } from './words.ts';

export const steps = [
  'find',
  'proof',
  'strings',
  'limits',
  'inverter',
  'wire',
  'afterwards',
  'trial',
] as const;
export type Step = (typeof steps)[number];

export const setup = signal<SetupState | undefined>(undefined);
export const air = signal<SetupAir | undefined>(undefined);
/** What went wrong last, in one sentence. */
export const trouble = signal<string | undefined>(undefined);
/** The file is written; where the page is from now on. */
export const written = signal<{ readonly path: string; readonly listen: string } | undefined>(undefined);

export const draft = computed((): SetupDraft => setup.value?.draft ?? {});

const isStep = (text: string | null): text is Step => steps.some((step) => step === text);

/** How far the draft has come: what lies behind may be looked at again. */
function furthest({ batteries = [], strings, envelope, inverters = [], listen }: SetupDraft): Step {
  if (batteries.length === 0) return 'find';
  if (!strings) return 'strings';
  if (!envelope) return 'limits';
  const [inverter] = inverters;
  if (!inverter) return 'inverter';
  if (!(inverter.can ?? inverter.serial ?? inverter.tcp)) return 'wire';
  return listen === undefined ? 'afterwards' : 'trial';
}

export const step = computed((): Step => {
  const asked = new URLSearchParams(address.value.search).get('step');
  const last = furthest(draft.value);
  if (!isStep(asked)) return setup.value?.is_edit ? 'find' : last;
  // `proof` needs no more than a wish.
  const most = Math.max(steps.indexOf(last), steps.indexOf('proof'));
  return steps.indexOf(asked) <= most ? asked : last;
});

export const stepNumber = computed(() => steps.indexOf(step.value) + 1);

export function goTo(next: Step): void {
  trouble.value = undefined;
  go(`/setup?step=${next}`);
  scrollTo(0, 0);
}

export const goOn = (): void => goTo(steps[stepNumber.value] ?? 'trial');
export const goBack = (): void => goTo(steps[stepNumber.value - 2] ?? 'find');

/** Asks the gateway what it knows. */
export async function learn(): Promise<void> {
  const answer = await ask<SetupState>('/setup');
  if (isRefused(answer)) trouble.value = answer.why;
  else setup.value = answer;
}

/** What is chosen anew; undefined is to be asked for again. */
export type Changes = { readonly [K in keyof SetupDraft]?: SetupDraft[K] | undefined };

const changed = (before: SetupDraft, changes: Changes): SetupDraft =>
  // What is undefined is not in a draft at all.
  Object.fromEntries(
    Object.entries({ ...before, ...changes }).filter(([, value]) => value !== undefined),
  ) as SetupDraft;

/** Takes a choice over; true when the gateway has it. What another phone chose meanwhile is shown instead. */
export async function choose(changes: Changes, secrets: SetupSecrets = {}): Promise<boolean> {
  const now = setup.value;
  if (!now) return false;
  const next = changed(now.draft, changes);
  const post = { revision: now.revision, draft: next, secrets };
  const answer = await ask<{ readonly revision: number }>('/setup/draft', { post });
  if (isRefused(answer)) {
    trouble.value = answer.why;
    if (answer.status === 409) {
      await learn();
      trouble.value = `${gatewayText(answer.why)}. ${s('otherPhone')}`;
    }
    return false;
  }
  trouble.value = undefined;
  setup.value = { ...now, revision: answer.revision, draft: next };
  if (Object.keys(secrets).length > 0) await learn();
  return true;
}

/** Takes a choice over and goes on. */
export async function chooseAndGoOn(changes: Changes, secrets?: SetupSecrets): Promise<void> {
  if (await choose(changes, secrets)) goOn();
}

type Placed = Pick<SetupReading, 'address' | 'serial' | 'unit'>;

/** One battery, wherever it is named. */
export const placeOf = ({ address, serial, unit }: Placed): string =>
  `${(address ?? serial ?? '').toUpperCase()} ${unit ?? ''}`;

export const readingOf = (battery: Placed): SetupReading | undefined =>
  air.value?.readings.find((reading) => placeOf(reading) === placeOf(battery));

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** What is known of the batteries of the draft: what was written, and what they said. */
export const packsOf = (batteries: readonly SetupBattery[]): readonly KnownPack[] =>
  batteries.map((battery) => {
    const { reading = {} } = readingOf(battery) ?? {};
    return {
      id: battery.id,
      cells: battery.cells,
      capacityAh: battery.capacity_Ah,
      voltageV: numberOf(reading.voltage_V),
      chargeOverCurrentA: numberOf(reading.charge_over_current_A),
      dischargeOverCurrentA: numberOf(reading.discharge_over_current_A),
      chargeCurrentA: battery.charge_current_A,
      dischargeCurrentA: battery.discharge_current_A,
    };
  });

/** A number as people type it, with a point or a comma; undefined for anything else. */
export function typedNumber(text: string): number | undefined {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(value) ? value : undefined;
}
