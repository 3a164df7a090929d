// A reader of DBC files that owes nothing to the writer: one statement a line, strict where cantools and SavvyCAN are, bits found
// by walking them one by one as the format says.

export interface ReadSignal {
  readonly name: string;
  readonly mux: string;
  /** Most significant first, bit 0 of byte 1 is 8. */
  readonly bits: readonly number[];
  readonly signed: boolean;
  float?: true;
  readonly factor: number;
  readonly offset: number;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  readonly values: Map<number, string>;
}

export interface ReadMessage {
  /** As written: bit 31 marks 29 bits. */
  readonly id: number;
  readonly name: string;
  readonly length: number;
  readonly sender: string;
  readonly signals: ReadSignal[];
  cycleMs?: number;
  comment?: string;
}

const number = '[-+]?\\d+\\.?\\d*(?:[eE][-+]?\\d+)?';
const text = '"([^"]*)"';
const name = '([A-Za-z_][A-Za-z0-9_]*)';
const line = (pattern: string) => new RegExp(`^${pattern}$`);

const message = line(`BO_ (\\d+) ${name}: (\\d+) ${name}`);
const signal = line(
  ` SG_ ${name}( M| m\\d+)? : (\\d+)\\|(\\d+)@([01])([+-]) \\((${number}),(${number})\\) \\[(${number})\\|(${number})\\] ${text} ${name}(?:,${name})*`,
);
const messageComment = line(`CM_ BO_ (\\d+) ${text};`);
const signalComment = line(`CM_ SG_ (\\d+) ${name} ${text};`);
const valueTable = line(`VAL_ (\\d+) ${name}((?: -?\\d+ "[^"]*")+) ;`);
const cycle = line('BA_ "GenMsgCycleTime" BO_ (\\d+) (\\d+);');
const floating = line(`SIG_VALTYPE_ (\\d+) ${name} : 1;`);
const frameFormat = line('BA_ "VFrameFormat" BO_ (\\d+) 1;');
const others = [
  line(`VERSION ${text}`),
  line('NS_ :'),
  line('BS_:'),
  line(`BU_:(?: ${name})+`),
  line(`CM_ ${text};`),
  line(`BA_DEF_ (?:BO_ )?${text} (?:INT \\d+ \\d+|STRING |ENUM "[^"]*"(?:,"[^"]*")*);`),
  line(`BA_DEF_DEF_ ${text} (?:\\d+|${text});`),
  line('BA_ "Baudrate" \\d+;'),
];

/** The bits of a signal, the most significant first. Intel names the least and climbs; Motorola names the most, and from the least bit of a byte goes to the most of the next. */
function walk(start: number, size: number, intel: boolean): number[] {
  const bits: number[] = [];
  for (let bit = start; bits.length < size; )
    if (intel) bits.unshift(bit++);
    else {
      bits.push(bit);
      bit += bit % 8 === 0 ? 15 : -1;
    }
  return bits;
}

const fail = (why: string): never => {
  throw new Error(`a tool would not load this: ${why}`);
};

function signalOf(found: readonly string[]): ReadSignal {
  const [own = '', mux = '', start, size, order, sign, factor, offset, min, max, unit = ''] = found;
  if (own.length > 32) fail(`the name ${own} is longer than 32`);
  return {
    name: own,
    mux: mux.trim(),
    bits: walk(Number(start), Number(size), order === '1'),
    signed: sign === '-',
    factor: Number(factor),
    offset: Number(offset),
    min: Number(min),
    max: Number(max),
    unit,
    values: new Map(),
  };
}

/** Signals that are there at the same time: the common ones and those of one multiplexer value. */
const sides = ({ signals }: ReadMessage): ReadSignal[][] => {
  const common = signals.filter((s) => s.mux === '' || s.mux === 'M');
  const values = [...new Set(signals.map((s) => s.mux))].filter((mux) => /^m/.test(mux));
  return values.length ? values.map((mux) => [...common, ...signals.filter((s) => s.mux === mux)]) : [common];
};

function checkMessage(m: ReadMessage): void {
  if (m.name.length > 32) fail(`the name ${m.name} is longer than 32`);
  if (m.length > 8) fail(`${m.name} is longer than 8 bytes`);
  const names = m.signals.map((s) => s.name);
  if (new Set(names).size < names.length) fail(`${m.name} has a signal name twice: ${names}`);
  for (const { name: own, bits } of m.signals)
    if (bits.some((bit) => bit < 0 || bit >= m.length * 8)) fail(`${own} does not fit into ${m.name}`);
  for (const side of sides(m)) {
    const bits = side.flatMap((s) => s.bits);
    if (new Set(bits).size < bits.length) fail(`signals of ${m.name} overlap`);
  }
  const selector = m.signals.find((s) => s.mux === 'M');
  if (selector === undefined && m.signals.some((s) => s.mux))
    fail(`${m.name} has parts without a multiplexer`);
  for (const value of selector?.values.keys() ?? [])
    if (!m.signals.some((s) => s.mux === `m${value}`)) fail(`${m.name} has nothing in part ${value}`);
}

/** What each statement adds to what was read before it. */
function statements(messages: ReadMessage[]): (readonly [RegExp, (groups: readonly string[]) => void])[] {
  const byId = (id = ''): ReadMessage =>
    messages.find((m) => m.id === Number(id)) ?? fail(`there is no message ${id}`);
  const signalBy = (id = '', own = ''): ReadSignal =>
    byId(id).signals.find((s) => s.name === own) ?? fail(`there is no signal ${own} in ${id}`);
  return [
    [
      message,
      ([id, own = '', length, sender = '']) =>
        void messages.push({ id: Number(id), name: own, length: Number(length), sender, signals: [] }),
    ],
    [
      signal,
      (groups) => void (messages.at(-1) ?? fail('a signal without a message')).signals.push(signalOf(groups)),
    ],
    [
      valueTable,
      ([id, own, values = '']) => {
        for (const [, raw, meaning = ''] of values.matchAll(/ (-?\d+) "([^"]*)"/g))
          signalBy(id, own).values.set(Number(raw), meaning);
      },
    ],
    [
      cycle,
      ([id, ms]) => {
        byId(id).cycleMs = Number(ms);
      },
    ],
    [
      messageComment,
      ([id, comment = '']) => {
        byId(id).comment = comment;
      },
    ],
    [
      floating,
      ([id, own]) => {
        signalBy(id, own).float = true;
      },
    ],
    [signalComment, ([id, own]) => void signalBy(id, own)],
    [
      frameFormat,
      ([id]) => {
        if (byId(id).id < 2 ** 31) fail(`${id} has 11 bits`);
      },
    ],
    ...others.map((form) => [form, () => {}] as const),
  ];
}

export function readStrictly(file: string): ReadMessage[] {
  const messages: ReadMessage[] = [];
  const known = statements(messages);
  for (const row of file.split('\n').filter((r) => r !== '')) {
    if (/[^ -~]/.test(row)) fail(`more than ASCII: ${row}`);
    const [form, take] = known.find(([pattern]) => pattern.test(row)) ?? fail(row);
    take((form.exec(row) ?? []).slice(1));
  }
  for (const m of messages) checkMessage(m);
  if (new Set(messages.map((m) => m.id)).size < messages.length) fail('an id is there twice');
  if (new Set(messages.map((m) => m.name)).size < messages.length) fail('a message name is there twice');
  return messages;
}

/** The whole bits as a float. */
function floatOf(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits);
  return view.getFloat32(0);
}

/** The raw number; bits above 2^53 are beyond what we send. */
export function rawIn({ bits, signed, float }: ReadSignal, bytes: Uint8Array): number {
  const value = bits.reduce((n, bit) => n * 2 + (((bytes[bit >> 3] ?? 0) >> (bit % 8)) & 1), 0);
  if (float) return floatOf(value);
  return signed && value >= 2 ** (bits.length - 1) ? value - 2 ** bits.length : value;
}

/** What a frame says by this file: the signals that are in it, with their raw numbers and physical values. */
export function decode(
  m: ReadMessage,
  bytes: Uint8Array,
): { signal: ReadSignal; raw: number; value: number }[] {
  const selector = m.signals.find((s) => s.mux === 'M');
  const part = selector && `m${rawIn(selector, bytes)}`;
  return m.signals
    .filter(({ mux }) => mux === '' || mux === 'M' || mux === part)
    .map((s) => ({ signal: s, raw: rawIn(s, bytes), value: rawIn(s, bytes) * s.factor + s.offset }));
}
