// A strict reader of Prometheus's text format 0.0.4, after its description ("Exposition formats"): what does not fit throws.

export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly series: readonly Series[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SERIES = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;
const NUMBER = /^-?(\d+(\.\d+)?(e[+-]?\d+)?)$/;

function labelsOf(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const from = LABEL.lastIndex;
    const [, name, value] = LABEL.exec(text) ?? [];
    if (name === undefined || value === undefined || name in labels)
      throw new Error(`no label: ${text.slice(from)}`);
    labels[name] = value.replace(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c));
  }
  return labels;
}

function seriesOf(line: string, family: Omit<Family, 'series'>): Series {
  const [, name = '', labels = '', value = ''] = SERIES.exec(line) ?? [];
  const suffixes = family.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
  if (!suffixes.some((suffix) => name === family.name + suffix))
    throw new Error(`does not belong to ${family.name}: ${line}`);
  // NaN and infinities are allowed by the format; here they would be an unknown that is told.
  if (!NUMBER.test(value)) throw new Error(`no number: ${line}`);
  return { name, labels: labelsOf(labels), value: Number(value) };
}

const identity = ({ name, labels }: Series): string => JSON.stringify([name, Object.entries(labels).sort()]);

/** Buckets grow, end with `+Inf`, and that is the count. */
function checkHistogram({ name, series }: Family): void {
  const groups = Map.groupBy(series, ({ labels: { le: _, ...labels } }) => JSON.stringify(labels));
  for (const group of groups.values()) {
    const buckets = group.filter((s) => s.name === `${name}_bucket`);
    const values = buckets.map(({ value }) => value);
    const bounds = buckets.map(({ labels }) =>
      labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le),
    );
    const rises = (list: readonly number[], strictly: boolean) =>
      list.every((v, i) => i === 0 || v > (list[i - 1] ?? 0) || (!strictly && v === list[i - 1]));
    const counts = group.filter((s) => s.name === `${name}_count`).map(({ value }) => value);
    const sums = group.filter((s) => s.name === `${name}_sum`);
    if (!rises(values, false) || !rises(bounds, true) || bounds.at(-1) !== Number.POSITIVE_INFINITY)
      throw new Error(`${name}: its buckets do not rise to +Inf`);
    if (counts.length !== 1 || sums.length !== 1 || counts[0] !== values.at(-1))
      throw new Error(`${name}: its count is not that of its last bucket`);
  }
}

/** All families of a page, each once, each with its help, its type and at least one series; none of an empty page. */
export function readPage(text: string): ReadonlyMap<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const families = new Map<string, Family>();
  if (text === '\n') return families;
  for (const block of text.trimEnd().split('\n\n')) {
    const [help = '', type = '', ...lines] = block.split('\n');
    const [, name = '', words = ''] = /^# HELP (\S+) (.+)$/.exec(help) ?? [];
    const [, same, kind] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(type) ?? [];
    if (!NAME.test(name) || same !== name || families.has(name) || lines.length === 0)
      throw new Error(`no family: ${block}`);
    if ((kind === 'counter') !== name.endsWith('_total'))
      throw new Error(`${name} is not called as a ${kind}`);
    // The pattern has only these three.
    const head = { name, help: words, type: kind as Family['type'] };
    const family = { ...head, series: lines.map((line) => seriesOf(line, head)) };
    if (new Set(family.series.map(identity)).size !== family.series.length)
      throw new Error(`${name} says one thing twice`);
    if (family.type === 'histogram') checkHistogram(family);
    families.set(name, family);
  }
  return families;
}

/** The one value of a series that has at least these labels; undefined when there is none. */
export function toldBy(
  page: ReadonlyMap<string, Family>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const family = page.get(name) ?? page.get(name.replace(/_(bucket|sum|count)$/, ''));
  const found = (family?.series ?? []).filter(
    (s) => s.name === name && Object.entries(labels).every(([key, value]) => s.labels[key] === value),
  );
  if (found.length > 1) throw new Error(`${name} ${JSON.stringify(labels)} are ${found.length}`);
  return found[0]?.value;
}
