// The first line of a black box: what the rest stands on, and what a person wants to know first.
import type { BankConfig } from '../bank/config.ts';
import type { BankEvent } from '../model/events.ts';
import { lineOf, type ServedInverter } from './tape.ts';

/** To be raised when lines get another shape. */
export const FORM = 1;

export interface BoxBattery {
  readonly id: string;
  readonly bms: string;
  /** Its address, or the path of its line: the unit of its raw bytes. */
  readonly unit: string;
}

/** What does not change while a gateway runs. */
export interface Gateway {
  readonly bank: BankConfig;
  readonly batteries: readonly BoxBattery[];
  /** As it began. */
  readonly inverters: readonly ServedInverter[];
  /** The gateway file, its servers masked. */
  readonly config: string;
}

export interface BoxOrders extends Gateway {
  readonly folder: string;
}

export interface Head extends Gateway {
  readonly bmsgate_black_box: number;
  /** Wall time of a moment of the tape is the moment and this, ms. */
  readonly wall_minus_monotonic_ms: number;
  /** Why it was kept; the moments are those of the tape. */
  readonly events: readonly BankEvent[];
  readonly fromMs: number;
}

export const looksLikeBox = (text: string): boolean => text.startsWith('{"bmsgate_black_box":');

export const headLine = (head: Omit<Head, 'bmsgate_black_box'>): string =>
  lineOf({ bmsgate_black_box: FORM, ...head });
