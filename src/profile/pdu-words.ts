// The registers that a Modbus master was told, whatever header its answer has.
import type { CompiledModbus } from './compile.ts';

export const wordAt = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

export interface RegistersRead {
  /** The function by which a window sees them: what function 23 reads it reads like 3. */
  readonly code: 3 | 4;
  readonly first: number;
  /** Where they begin in the answer. */
  readonly at: number;
  readonly quantity: number;
}

const codes: ReadonlyMap<number | undefined, RegistersRead['code']> = new Map([
  [3, 3],
  [4, 4],
  [23, 3],
]);

/** Bytes of the length field: standard Modbus has one; only answers to function 3 have another dialect. */
export const lengthBytes = (code: number | undefined, header: CompiledModbus['readHeader']): 1 | 2 =>
  code === 3 && header !== 'bytes8' ? 2 : 1;

/** What a read was answered with; undefined for what is refused, torn or no read. */
export function registersRead(
  request: Uint8Array,
  reply: Uint8Array | undefined,
  header: CompiledModbus['readHeader'],
): RegistersRead | undefined {
  const code = codes.get(request[0]);
  if (!code || request.length < 5 || !reply || reply[0] !== request[0]) return undefined;
  const quantity = wordAt(request, 3);
  const at = 1 + lengthBytes(request[0], header);
  const told = at === 2 ? reply[1] : wordAt(reply, 1);
  const wanted = at === 3 && header === 'words16' ? quantity : 2 * quantity;
  return told === wanted && reply.length >= at + 2 * quantity
    ? { code, first: wordAt(request, 1), at, quantity }
    : undefined;
}
