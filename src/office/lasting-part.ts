// What lasts is kept for the next start of the gateway.
import { isLasting } from '../events/event-data.ts';
import { type LastingFile, lastingFile } from '../history/lasting-file.ts';
import type { BankEvent } from '../model/events.ts';
import { bootId } from '../wires/boot-id.ts';
import type { OfficeGround } from './ground.ts';
import type { OfficePart } from './part.ts';

/** After a power cut what lasted is known until then; a card is not worn out for more. */
const EVERY_MS = 600_000;

export function lastingPart(
  path: string,
  { clock, log }: Pick<OfficeGround, 'clock' | 'log'>,
  file: LastingFile = lastingFile(path, bootId(), (sentence) => log.error(sentence)),
): OfficePart {
  const lasting = new Map<string, BankEvent>();
  let keptAtMs = Number.NEGATIVE_INFINITY;

  function keep(): void {
    keptAtMs = clock();
    file.keep([...lasting.values()]);
  }
  /** True when something is there that was not, or is there no more; a peak can wait. */
  function take(event: BankEvent): boolean {
    const was = lasting.delete(event.id);
    if (isLasting(event)) lasting.set(event.id, event);
    return was !== lasting.has(event.id);
  }

  return {
    open(events) {
      for (const event of events) take(event);
      keep();
    },
    event(event) {
      if (take(event)) keep();
    },
    state() {
      if (lasting.size > 0 && clock() - keptAtMs >= EVERY_MS) keep();
    },
    end() {
      keep();
      return file.settled();
    },
  };
}
