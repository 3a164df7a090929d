// What a piece of bytes is called and says, in the words of the profile or, where it has none, in the reader's.
import type { Fact, Piece } from '../../profile/pieces.ts';
import type { WordKey } from '../words/shape.ts';
import { t } from '../words/words.ts';

type Codes = Readonly<Record<string, WordKey>>;

/** Modbus Application Protocol V1.1b3, chapter 6. */
const functions: Codes = {
  1: 'inspector.fc_1',
  2: 'inspector.fc_2',
  3: 'inspector.fc_3',
  4: 'inspector.fc_4',
  5: 'inspector.fc_5',
  6: 'inspector.fc_6',
  15: 'inspector.fc_15',
  16: 'inspector.fc_16',
  17: 'inspector.fc_17',
  22: 'inspector.fc_22',
  23: 'inspector.fc_23',
  43: 'inspector.fc_43',
};

const exceptions: Codes = {
  1: 'inspector.exception_1',
  2: 'inspector.exception_2',
  3: 'inspector.exception_3',
  4: 'inspector.exception_4',
};

/** Of the Pylontech ASCII protocol. */
const returnCodes: Codes = {
  '00': 'inspector.rtn_00',
  '02': 'inspector.rtn_02',
  '03': 'inspector.rtn_03',
  '04': 'inspector.rtn_04',
  '05': 'inspector.rtn_05',
  90: 'inspector.rtn_90',
  91: 'inspector.rtn_91',
};

const codes: Partial<Record<Piece['kind'], Codes>> = {
  function: functions,
  exception: exceptions,
  returnCode: returnCodes,
};

/** The profile's own word; of a counted row with its number, of what has none the reader's word. */
export function labelOf({ kind, label, nth }: Piece): string {
  if (nth) return t('inspector.nth', { label, n: nth[0], of: nth[1] });
  if (kind === 'count') return t('inspector.countOf', { label });
  return kind === 'field' ? label : t(`inspector.piece_${kind}`, { label });
}

/** `76 %`, `3 (read holding registers)`. */
export function textOf({ kind, text }: Piece): string {
  const word = codes[kind]?.[text];
  return word ? t('inspector.codeIs', { code: text, means: t(word) }) : text;
}

export const factText = ({ kind, text }: Fact): string => t(`inspector.fact_${kind}`, { text });
