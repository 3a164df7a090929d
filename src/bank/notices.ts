import type { BankConfig } from './config.ts';
import type { Lifetime } from './lifetime.ts';
import { type Neighbours, nameOf, spreadStrings, suspectSigns } from './neighbours.ts';
import type { PackMemory } from './pack-memory.ts';
import { packNotices } from './report.ts';
import type { ShuntView } from './shunt.ts';
import type { PackString, StringValues } from './strings.ts';

interface Surroundings {
  readonly strings: readonly PackString[];
  readonly counting: readonly StringValues[];
  readonly packs: { readonly [id: string]: PackMemory };
  readonly neighbours: Neighbours;
  readonly life: Lifetime;
  readonly shunt: ShuntView;
  readonly config: BankConfig;
  readonly nowMs: number;
}

/** Strings on their way back whose voltage would meet another one on the bus: nobody may close them by hand. */
function strangers({ strings, counting, config }: Surroundings): string[] {
  return strings.flatMap((s) => {
    const values = s.complete;
    if (!values || counting.includes(values) || !counting.length || s.rung === 'never') return [];
    const apart = spreadStrings(
      [...counting, { ...values, conductsCharge: true, conductsDischarge: true }],
      config,
    );
    return apart.some((a) => nameOf(a) === nameOf(values)) ? [nameOf(values)] : [];
  });
}

/** What a person should know, one sentence each, and whether the strings contradict one another. */
export function bankNotices(now: Surroundings): { readonly notices: string[]; readonly conflict: boolean } {
  const { strings, counting, packs, neighbours, life, shunt, config, nowMs } = now;
  const spread = spreadStrings(counting, config).map(nameOf);
  const signs = suspectSigns(neighbours, nowMs);
  return {
    conflict: spread.length > 0 || signs.length > 0,
    notices: [
      ...packNotices(strings, packs, config, nowMs),
      ...(spread.length
        ? [
            `parallel_voltage_spread: ${spread.join(', ')} stand further apart than one bus allows; check cables and fuses`,
          ]
        : []),
      ...signs.map(
        (id) => `sign_suspect: the string of ${id} has run against the others for 10 min; check its shunt`,
      ),
      ...Object.keys(neighbours.rejoining).map(
        (id) => `the string of ${id} came back at another voltage: limits are cut until it has settled`,
      ),
      ...strangers(now).map(
        (id) => `the string of ${id} was last seen at another voltage: do not connect it by hand`,
      ),
      ...(life.charge.timedOut
        ? ['balance_timeout: absorption did not end within 4 h; check the cells']
        : []),
      ...(shunt.isLost ? ['the shunt does not speak: the current is the sum of the packs'] : []),
    ],
  };
}
