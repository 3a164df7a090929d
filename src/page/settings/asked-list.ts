// A list that the gateway keeps, read when it is looked at and after each change.
import { useEffect, useState } from 'preact/hooks';
import { ask, isRefused } from '../ask.ts';

export interface AskedList<Row> {
  readonly rows: readonly Row[] | undefined;
  readonly why: string | undefined;
  /** Changes something and reads anew; gives the answer, or nothing where it was refused. */
  readonly change: <T>(path: string, post: object) => Promise<T | undefined>;
}

export function useAskedList<Row>(path: string): AskedList<Row> {
  const [rows, setRows] = useState<readonly Row[]>();
  const [why, setWhy] = useState<string>();
  async function read(): Promise<void> {
    const answer = await ask<readonly Row[]>(path);
    if (isRefused(answer)) setWhy(answer.why);
    else setRows(answer);
  }
  useEffect(() => void read(), [path]);
  return {
    rows,
    why,
    async change<T>(to: string, post: object) {
      const answer = await ask<T>(to, { post });
      setWhy(isRefused(answer) ? answer.why : undefined);
      if (isRefused(answer)) return undefined;
      await read();
      return answer;
    },
  };
}
