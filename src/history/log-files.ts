// Log files of bounded size: lines in order, rotated by size, and a disk that will not take them stops nothing.
import { appendFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface LogFilesOptions {
  readonly folder: string;
  /** A file never grows past this; a single longer line is cut. */
  readonly maxBytes: number;
  /** Files per log, the one being written included: `service.log`, `service.log.1`, … oldest last. */
  readonly keep: number;
  /** Told once when writing fails and once when it works again, one sentence. */
  readonly report: (sentence: string) => void;
}

/** Lines that may wait for a slow disk; later ones are lost, and their number is written in their place. */
const MAX_WAITING = 1000;

/** One file per log name. `append` never throws, never blocks; a full disk costs lines. */
export class LogFiles {
  readonly #options: LogFilesOptions;
  readonly #files = new Map<string, LogFile>();
  #failing = false;

  constructor(options: LogFilesOptions) {
    this.#options = options;
  }

  append(log: string, line: string): void {
    const path = join(this.#options.folder, `${log.replace(/[^\w.-]/g, '_')}.log`);
    const file = this.#files.get(path) ?? new LogFile(path, this.#options, (error) => this.#went(error));
    this.#files.set(path, file);
    file.append(line);
  }

  /** Resolves when all that was given is on the disk or lost. */
  async settled(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => file.settled()));
  }

  #went(error: unknown): void {
    const failing = error !== undefined;
    if (failing === this.#failing) return;
    this.#failing = failing;
    const { folder, report } = this.#options;
    report(failing ? failure(folder, error) : `log files in ${folder} are written again`);
  }
}

const failure = (folder: string, error: unknown): string => {
  const why = error instanceof Error ? error.message : String(error);
  return `log files are not written: ${why}; make room or make ${folder} writable for the user of the gateway`;
};

/** A line, and how many lines it stands for: the note of a gap stands for all that are missing there. */
interface Waiting {
  readonly text: string;
  readonly lines: number;
}

const linesIn = (waiting: readonly Waiting[]): number => waiting.reduce((sum, { lines }) => sum + lines, 0);

class LogFile {
  readonly #path: string;
  readonly #options: LogFilesOptions;
  readonly #went: (error?: unknown) => void;
  readonly #waiting: Waiting[] = [];
  #lost = 0;
  /** Bytes in the file; unknown until it was looked at, and again after a failure. */
  #size: number | undefined;
  #writing: Promise<void> | undefined;

  constructor(path: string, options: LogFilesOptions, went: (error?: unknown) => void) {
    this.#path = path;
    this.#options = options;
    this.#went = went;
  }

  append(line: string): void {
    if (this.#waiting.length >= MAX_WAITING) this.#lost++;
    else this.#wait({ text: line.replace(/[\r\n]+/g, ' '), lines: 1 });
    this.#writing ??= this.#writeAll();
  }

  #wait(line: Waiting): void {
    if (this.#lost) this.#waiting.push({ text: `… ${this.#lost} lines were lost`, lines: this.#lost });
    this.#lost = 0;
    this.#waiting.push(line);
  }

  async settled(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  /** A failed write loses what waits; the next line tries again. */
  async #writeAll(): Promise<void> {
    while (this.#waiting.length) {
      const taken = this.#take();
      try {
        await this.#write(taken.map(({ text }) => cut(`${text}\n`, this.#options.maxBytes)).join(''));
        this.#went();
      } catch (error) {
        this.#lost += linesIn(taken) + linesIn(this.#waiting.splice(0));
        this.#size = undefined;
        this.#went(error);
      }
    }
    this.#writing = undefined;
  }

  /** As many waiting lines as fit into one file, at least one. */
  #take(): Waiting[] {
    let bytes = 0;
    const fits = this.#waiting.findIndex(({ text }) => {
      bytes += Buffer.byteLength(text) + 1;
      return bytes > this.#options.maxBytes;
    });
    return this.#waiting.splice(0, fits === -1 ? this.#waiting.length : Math.max(1, fits));
  }

  async #write(text: string): Promise<void> {
    const { folder, maxBytes } = this.#options;
    const bytes = Buffer.byteLength(text);
    this.#size ??= await sizeOf(this.#path, folder);
    if (this.#size > 0 && this.#size + bytes > maxBytes) await this.#rotate();
    await appendFile(this.#path, text);
    this.#size += bytes;
  }

  /** `.1` becomes `.2` and so on; the oldest goes. */
  async #rotate(): Promise<void> {
    const names = Array.from({ length: this.#options.keep }, (_, n) =>
      n ? `${this.#path}.${n}` : this.#path,
    );
    await rm(names.at(-1) ?? this.#path, { force: true });
    for (const [n, name] of [...names.entries()].reverse()) {
      const older = names[n + 1];
      if (older && (await isThere(name))) await rename(name, older);
    }
    this.#size = 0;
  }
}

const cut = (line: string, bytes: number): string =>
  Buffer.byteLength(line) <= bytes
    ? line
    : `${Buffer.from(line).toString('utf8', 0, Math.max(0, bytes - 8))}…\n`;

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function sizeOf(path: string, folder: string): Promise<number> {
  await mkdir(folder, { recursive: true });
  return (await isThere(path)) ? (await stat(path)).size : 0;
}
