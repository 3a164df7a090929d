// Alle Sätze des Gateways auf Deutsch. Nur wer Deutsch liest, lädt sie.
import type { PageWords } from '../gateway-places.ts';
import { type Sayings, type Speak, speaker } from '../gateway-said.ts';
import { bank } from './bank.ts';
import { bms } from './bms.ts';
import { masters } from './masters.ts';
import { office } from './office.ts';
import { proxy } from './proxy.ts';
import { radio } from './radio.ts';
import { refusals } from './refusals.ts';
import { setup } from './setup.ts';
import { wires } from './wires.ts';

/** By room, so that a test can see that no two of them say the same sentence. */
export const rooms = { bank, bms, masters, office, proxy, radio, refusals, setup, wires } as const;

export const sayings: Sayings = Object.assign({}, ...Object.values(rooms));

/** Says the sentences of every day, and more of them where they are at hand. */
export const german = (words: PageWords, more: Sayings = {}): Speak =>
  speaker({ ...sayings, ...more }, words);
