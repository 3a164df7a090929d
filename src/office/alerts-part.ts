// Messages to whom the gateway file names, of what happens.
import { readFileSync } from 'node:fs';
import { alerts } from '../alerts/alerts.ts';
import type { AlertTarget } from '../alerts/target.ts';
import { readText } from '../config/files.ts';
import { readSecret } from '../config/secrets.ts';
import { wholeFile } from '../history/whole-file.ts';
import { realTimers } from '../timers.ts';
import type { OfficeGround } from './ground.ts';
import type { OfficePart } from './part.ts';

export interface AlertOrders {
  readonly targets: readonly AlertTarget[];
  /** Who was told what; without it an office that is replaced tells what is open once more. */
  readonly file?: string;
}

/** An office has 2 s to end. */
const LAST_WORDS_MS = 1500;

function storedIn(file: string | undefined): string | undefined {
  try {
    return file === undefined ? undefined : readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** What speaks HTTP is loaded at the first message. */
const deliver: Parameters<typeof alerts>[1]['deliver'] = async (post, ca) => {
  const { deliver: now } = await import('../alerts/deliver.ts');
  return now(post, { after: realTimers.after, ...(ca !== undefined && { ca }) });
};

export function alertsPart({ targets, file }: AlertOrders, { log, ledger, clock }: OfficeGround): OfficePart {
  const kept =
    file === undefined
      ? undefined
      : wholeFile(file, {
          loss: 'a restart would tell alerts again',
          report: (sentence) => log.error(sentence),
          mode: 0o600,
        });
  const told = alerts(targets, {
    timers: realTimers,
    wallClock: Date.now,
    deliver,
    readSecret,
    readCa: readText,
    stored: storedIn(file),
    keep: (text) => kept?.keep(text),
    undelivered: (conditions) => ledger.hold('alerts', conditions, clock()),
  });
  return {
    open(events) {
      for (const event of events) told.take(event);
    },
    event: told.take,
    async end() {
      const late = Promise.withResolvers<void>();
      realTimers.after(LAST_WORDS_MS, late.resolve);
      await Promise.race([told.stop(), late.promise]);
      await kept?.settled();
    },
  };
}
