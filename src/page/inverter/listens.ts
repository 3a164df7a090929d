// Which sentence says whether an inverter listens, by how its protocol lets it be heard.
import type { LiveInverter, LiveWire } from '../../model/api/live.ts';
import type { SiteInverter } from '../../model/api/site.ts';
import type { WordKey } from '../words/shape.ts';
import { isTold } from './told.ts';

export interface Listening {
  readonly inverter: Pick<SiteInverter, 'silent_after_ms'>;
  readonly health: Pick<LiveInverter, 'voice' | 'telling' | 'is_polled' | 'asks_nothing'> | undefined;
  readonly wire: Pick<LiveWire, 'kind'> | undefined;
}

/** Heard by its keep-alive alone; one that is told only what it asks for is heard by its questions. */
export const isHeardByKeepAlive = ({ health, wire }: Pick<Listening, 'health' | 'wire'>): boolean =>
  wire?.kind === 'can' && health?.is_polled !== true;

function neverKey({ inverter, health, wire }: Listening): WordKey {
  if (wire?.kind !== 'can') return 'inverter.neverPolled';
  if (health?.is_polled) return 'inverter.neverPolledCan';
  return inverter.silent_after_ms === undefined ? 'inverter.mayBeMute' : 'inverter.neverCan';
}

/** Of one whose wire is there. */
export function listensKey(all: Listening): WordKey {
  const { health } = all;
  const byKeepAlive = isHeardByKeepAlive(all);
  if (health?.asks_nothing) return 'inverter.asksNothing';
  if (!health || health.voice === 'never') return neverKey(all);
  if (health.voice === 'silent') return byKeepAlive ? 'inverter.silentCan' : 'inverter.silentPolls';
  if (byKeepAlive) return 'inverter.heardCan';
  return isTold(health) ? 'inverter.heardPolls' : 'inverter.heardUnanswered';
}
