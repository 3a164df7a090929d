// The far end of the RS485 line: a PTY whose near end the gateway opens, and which can be pulled out and plugged in again.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { until } from '../../house/until.ts';

export interface Pty {
  readonly say: (bytes: Uint8Array) => void;
  /** The adapter is gone: what is open hangs up. */
  readonly pullOut: () => void;
  readonly plugIn: () => Promise<void>;
  /** Carries the bytes to and fro. */
  readonly pid: () => number | undefined;
  readonly close: () => void;
}

/** `path` is what the gateway opens. */
export async function openPty(path: string, hear: (bytes: Buffer) => void): Promise<Pty> {
  let socat: ChildProcess | undefined;
  const plugIn = async () => {
    socat = spawn('socat', ['-b', '512', '-', `pty,raw,echo=0,link=${path}`], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    socat.stdout?.on('data', hear);
    socat.stdin?.on('error', () => {}); // it is pulled out while we speak
    await until('a PTY', 10_000, () => existsSync(path));
  };
  const pullOut = () => {
    socat?.kill('SIGTERM'); // takes its link away, too
    socat = undefined;
  };
  await plugIn();
  return {
    say: (bytes) => socat?.stdin?.write(bytes),
    pullOut,
    plugIn,
    pid: () => socat?.pid,
    close: pullOut,
  };
}
