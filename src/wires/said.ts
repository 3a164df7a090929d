/** A line of the log that is no event: what a link does, what only a debugger wants. */
export interface Said {
  readonly level: 'debug' | 'notice' | 'warn' | 'error';
  readonly text: string;
  readonly fields: Readonly<Record<string, string | number | undefined>>;
}
