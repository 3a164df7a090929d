// A list that the gateway keeps, read when it is looked at and after each change.
import { useEffect, useState } from 'preact/hooks';
import { ask, isRefused, type Refused } from '../ask.ts';

export interface AskedList<Row> {
  readonly rows: readonly Row[] | undefined;
  /** Why it cannot be read. */
  readonly why: string | undefined;
  /** Changes something and reads anew. */
  readonly change: <T>(path: string, post: object) => Promise<T | Refused>;
}

export function useAskedList<Row>(path: string): AskedList<Row> {
  const [rows, setRows] = useState<readonly Row[]>();
  const [why, setWhy] = useState<string>();
  async function read(): Promise<void> {
    const answer = await ask<readonly Row[]>(path);
    setWhy(isRefused(answer) ? answer.why : undefined);
    if (!isRefused(answer)) setRows(answer);
  }
  useEffect(() => void read(), [path]);
  return {
    rows,
    why,
    async change<T>(to: string, post: object) {
      const answer = await ask<T>(to, { post });
      if (!isRefused(answer)) await read();
      return answer;
    },
  };
}

export interface Attempt {
  /** Why the last one was refused. */
  readonly why: string | undefined;
  /** The answer, or nothing where it was refused. */
  readonly attempt: <T>(asked: Promise<T | Refused>) => Promise<T | undefined>;
}

/** Of one button, or of those that stand in one row. */
export function useAttempt(): Attempt {
  const [why, setWhy] = useState<string>();
  return {
    why,
    async attempt<T>(asked: Promise<T | Refused>) {
      setWhy(undefined);
      const answer = await asked;
      if (!isRefused(answer)) return answer;
      setWhy(answer.why);
      return undefined;
    },
  };
}
