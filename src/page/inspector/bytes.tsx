// Bytes as hex, and as bits; what changed since the time before is marked by a frame and said to who cannot see it.
import { fromHex } from '../../bytes/hex.ts';
import { t } from '../words/words.ts';

interface BytesProps {
  readonly hex: string;
  /** Of each byte, the bits that are new. */
  readonly changed: Uint8Array;
}

/** A telegram of characters begins with `~`, ends with CR, and is longer than any frame that may happen to do so. */
export const isText = (hex: string): boolean => /^7e(..){16,}0d$/i.test(hex);

const characterOf = (byte: number): string =>
  byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : hex2(byte);

const hex2 = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');

export const Bytes = ({ hex, changed }: BytesProps) => (
  <span class="bytes mono" data-text={isText(hex)}>
    {[...(fromHex(hex) ?? [])].map((byte, at) => (
      <span key={at} data-changed={(changed[at] ?? 0) !== 0}>
        {isText(hex) ? characterOf(byte) : hex2(byte)}
      </span>
    ))}
  </span>
);

const eight = [7, 6, 5, 4, 3, 2, 1, 0] as const;

const Bit = ({
  byte,
  changed,
  bit,
}: {
  readonly byte: number;
  readonly changed: number;
  readonly bit: number;
}) => <span data-changed={((changed >> bit) & 1) === 1}>{(byte >> bit) & 1}</span>;

export const Bits = ({ hex, changed }: BytesProps) => (
  <div class="bits">
    <p class="small soft">{t('inspector.bits')}</p>
    <ol>
      {[...(fromHex(hex) ?? [])].map((byte, at) => (
        <li key={at}>
          <span class="small soft">{at}</span>
          <span class="mono">
            {eight.map((bit) => (
              <Bit key={bit} byte={byte} changed={changed[at] ?? 0} bit={bit} />
            ))}
          </span>
        </li>
      ))}
    </ol>
  </div>
);
