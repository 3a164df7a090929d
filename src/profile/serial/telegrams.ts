import type { Decoded } from '../pieces.ts';
import { asciiTelegrams } from './ascii-telegrams.ts';
import type { SpokenSerial, Telegrams } from './asked.ts';
import type { CompiledSerial } from './compile.ts';
import { kostalTelegrams } from './kostal-telegrams.ts';

type Decode = (
  serial: SpokenSerial,
  telegrams: Telegrams,
) => readonly [request: Decoded, reply: Decoded | undefined];

const codecs: { readonly [C in CompiledSerial['codec']]: Decode } = {
  'pylontech-ascii': asciiTelegrams,
  kostal: kostalTelegrams,
};

/** A question and its answer, every byte of both; nothing throws, whatever the bytes are. */
export const decodeTelegrams: Decode = (serial, telegrams) => codecs[serial.codec](serial, telegrams);
