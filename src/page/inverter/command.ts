// How the question of a codec is written: as its protocol does, in hex.
import type { LiveWire } from '../../model/api/live.ts';
import { hexText } from '../../profile/serial/asked.ts';

const digits: { readonly [K in LiveWire['kind']]?: number } = { ascii: 2, kostal: 4 };

/** A wire whose questions are commands, not registers. */
export const hasCommands = (kind: LiveWire['kind']): boolean => digits[kind] !== undefined;

/** `0x61`, `0x084A`. */
export const commandText = (kind: LiveWire['kind'], code: number): string => hexText(code, digits[kind] ?? 2);
