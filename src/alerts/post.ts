// The HTTP request that carries a message.
import type { AlertMessage, Phase } from './message.ts';
import type { AlertTarget } from './target.ts';

export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** ntfy's priorities go from 1 to 5, and 3 is its default (docs.ntfy.sh/publish, "Message priority"). */
const PRIORITIES = { info: 3, warning: 4, alarm: 5 } as const;
const OVER_PRIORITY = 3;
/** Short codes of emojis (docs.ntfy.sh/emojis). */
const TAGS = { info: 'information_source', warning: 'warning', alarm: 'rotating_light' } as const;
const OVER_TAG = 'white_check_mark';

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
] as const;

/** `4 min`, `2.5 h`: no more exact than a person wants it. */
function spanText(ms: number): string {
  const [unitMs, unit] = UNITS.find(([least]) => ms >= least) ?? [1000, 's'];
  return `${Math.round((ms / unitMs) * 10) / 10} ${unit}`;
}

const isOver = (phase: Phase): boolean => phase === 'end';

function bodyText({ phase, text, over, began, ended, peak }: AlertMessage): string {
  const lines = [text];
  if (peak) lines.push(`worst: ${peak.quantity} ${peak.value}`);
  if (ended !== undefined && phase !== 'moment')
    lines.push(`over after ${spanText(Date.parse(ended) - Date.parse(began))}; it began ${began}`);
  if (over !== undefined) lines.push(over);
  return lines.join('\n');
}

function titleText({ site, phase, title, subject }: AlertMessage): string {
  const what = subject === undefined ? title : `${title} (${subject})`;
  return `${site}: ${isOver(phase) ? 'over: ' : ''}${what}`;
}

/** Published as JSON at the server's root: a header could not carry every title. */
const ntfyBody = (topic: string, message: AlertMessage) => ({
  topic,
  title: titleText(message),
  message: bodyText(message),
  priority: isOver(message.phase) ? OVER_PRIORITY : PRIORITIES[message.severity],
  tags: [isOver(message.phase) ? OVER_TAG : TAGS[message.severity], message.kind],
});

export function postOf({ form, url }: AlertTarget, message: AlertMessage, token?: string): Post {
  const at = new URL(url);
  const headers = {
    'Content-Type': 'application/json',
    'User-Agent': 'bmsgate',
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
  };
  if (form === 'webhook') return { url: at, headers, body: JSON.stringify(message) };
  const topic = at.pathname.slice(1);
  return { url: new URL('/', at), headers, body: JSON.stringify(ntfyBody(topic, message)) };
}
