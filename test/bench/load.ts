// Company for a measurement: processes that want all the time they can get.
import { spawn } from 'node:child_process';
import { cpus } from 'node:os';

const NICE = 10;

/** How the rows call it. */
export const BUSY = `a busy process of nice ${NICE} on each core`;

/** Keeps each core busy while `work` runs. */
export async function whileBusy<T>(work: () => Promise<T>): Promise<T> {
  const burners = cpus().map(() =>
    spawn('nice', ['-n', String(NICE), process.execPath, '-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  try {
    return await work();
  } finally {
    for (const burner of burners) burner.kill('SIGKILL');
  }
}
