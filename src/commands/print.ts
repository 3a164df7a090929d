/** A reader that has gone, as behind `| head`, is no fault of ours. */
function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** Prints lines as they are made, for as long as somebody reads them. */
export function print(lines: Iterable<string>): void {
  process.stdout.on('error', unlessGone);
  for (const line of lines) {
    if (process.stdout.destroyed) return;
    process.stdout.write(`${line}\n`);
  }
}
