// The master of the speed bench as the bench sees it: python's, on a PTY, the same for every slave.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface RtuOrder {
  readonly requests: number;
  readonly registers: number;
  /** The line's speed; absent is as fast as the kernel carries it. */
  readonly baud?: number;
  /** Each register holds its own number, which is checked. */
  readonly isRamp?: boolean;
}

/** From the last byte asked to the first and to the last byte answered; `turnMs` from the first byte asked. */
export interface RtuTimes {
  readonly firstByteMs: readonly number[];
  readonly answerMs: readonly number[];
  readonly turnMs: readonly number[];
  /** Requests that were made: fewer than were ordered when ten of them were lost. */
  readonly asked: number;
  /** Of these, not answered within 2 s. */
  readonly lost: number;
}

/** Asks a slave that `start` puts on the line; a text says why it could not be measured. */
export async function askSlave(
  start: (path: string) => ChildProcess | Promise<ChildProcess>,
  { requests, registers, baud, isRamp = true }: RtuOrder,
): Promise<RtuTimes | string> {
  const master = spawn('python3', [`${import.meta.dirname}/rtu-master.py`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: master.stdout })[Symbol.asyncIterator]();
  const path = await lines.next();
  if (path.done) return 'python3 did not start; apt-get install python3';
  const slave = await start(String(path.value));
  const order = {
    requests,
    warmup: Math.ceil(requests / 10),
    registers,
    baud,
    content: isRamp ? 'ramp' : undefined,
  };
  master.stdin.end(`${JSON.stringify(order)}\n`);
  const said = await lines.next();
  slave.kill('SIGKILL');
  const found = said.done ? { error: 'the master ended' } : JSON.parse(String(said.value));
  return found.error ?? found;
}
