// Something that is done step by step: the gateway tells each one in a line of its answer.
import type { Refused } from '../ask.ts';
import { t } from '../words/words.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

function lineOf(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

interface Hearing {
  readonly onStep: (step: string) => void;
  readonly left: AbortSignal;
}

/** What is told by a line: the end, or nothing yet. */
function heardLine(text: string, onStep: (step: string) => void): Refused | 'done' | undefined {
  const line = lineOf(text);
  if (typeof line?.why === 'string') return { why: line.why };
  if (typeof line?.step === 'string') onStep(line.step);
  return line?.done === true ? 'done' : undefined;
}

async function heardLines(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { onStep }: Hearing,
): Promise<Refused | undefined> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    rest += value ?? '';
    const lines = rest.split('\n');
    rest = done ? '' : (lines.pop() ?? '');
    for (const line of lines) {
      const end = heardLine(line, onStep);
      if (end) return end === 'done' ? undefined : end;
    }
    // An answer without an end was cut off.
    if (done) return { why: t('inspector.cutOff') };
  }
}

/** Resolves with why it was not done, or undefined. Who has `left` takes back what was not sent yet. */
export async function askSteps(path: string, post: unknown, hearing: Hearing): Promise<Refused | undefined> {
  let isBegun = false;
  try {
    const response = await fetch(`/api/v1${path}`, {
      method: 'POST',
      credentials: 'same-origin',
      cache: 'no-store',
      signal: hearing.left,
      body: JSON.stringify(post),
      headers: { 'Content-Type': 'application/json' },
    });
    isBegun = response.ok;
    if (response.ok && response.body) return await heardLines(response.body, hearing);
    const refused = lineOf(await response.text());
    return {
      why: typeof refused?.why === 'string' ? refused.why : `${response.status}`,
      status: response.status,
    };
  } catch {
    // What was begun may have been done.
    return { why: t(isBegun ? 'inspector.cutOff' : 'session.unreachable') };
  }
}
