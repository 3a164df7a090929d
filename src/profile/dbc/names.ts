/** Longer names are cut or refused by some tools. */
const LONGEST = 32;

const plainSigns: Readonly<Record<string, string>> = {
  '°': 'deg',
  Ω: 'Ohm',
  µ: 'u',
  '–': '-',
  '…': '...',
  '≤': '<=',
  '≥': '>=',
  '·': '*',
  '−': '-',
};

/** Readers take a DBC for this or that character set; ASCII is the same in all of them. */
export const ascii = (text: string): string =>
  text
    .replace(/[^ -~]/g, (sign) => plainSigns[sign] ?? sign)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/\s+/g, ' ')
    .replace(/[^ -~]/g, '?');

/** Words that a DBC keeps for itself, as far as they can be names here. */
const kept = ['FILTER', 'VERSION'];

/** Cut after a whole word where that leaves enough. */
function cut(name: string): string {
  if (name.length <= LONGEST) return name;
  const words = name.slice(0, LONGEST + 1).replace(/_[^_]*$/, '');
  return words.length >= LONGEST / 2 && words.length <= LONGEST ? words : name.slice(0, LONGEST);
}

/** A C identifier of at most 32 characters. */
export function identifier(text: string): string {
  const plain = ascii(text).replace(/[^A-Za-z0-9]+/g, '_');
  const name = cut(plain.replace(/^_+|_+$/g, '')).replace(/_+$/, '');
  if (name === '') return 'unnamed';
  return /^\d/.test(name) || kept.includes(name) ? `n_${name}`.slice(0, LONGEST) : name;
}

/** Gives every name once: the second of a kind gets `_2`. */
export function namer(): (wanted: string) => string {
  const given = new Set<string>();
  return (wanted) => {
    const name = identifier(wanted);
    let free = name;
    for (let n = 2; given.has(free); n++) {
      const tail = `_${n}`;
      free = name.slice(0, LONGEST - tail.length) + tail;
    }
    given.add(free);
    return free;
  };
}
