/** What each error knows. The sentence is made from it once, here. */
interface Details {
  /** What was asked for is wrong: exit 1. `message` says what is wrong and what to do. */
  REFUSED: { message: string };
  /** A place in a file. Line and column count from 1. */
  DOCUMENT_INVALID: { problems: readonly DocumentProblem[] };
  PORT_UNAVAILABLE: { port: string; why: string; remedy: string };
  BLE_FAILED: { address: string; step: string; why: string };
}

export interface DocumentProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What is wrong; what to do. */
  readonly message: string;
}

export type ErrorCode = keyof Details;

export const problemText = (p: DocumentProblem): string => `${p.file}:${p.line}:${p.column}: ${p.message}`;

const say: { [C in ErrorCode]: (d: Details[C]) => string } = {
  REFUSED: (d) => d.message,
  DOCUMENT_INVALID: (d) => d.problems.map(problemText).join('\n'),
  PORT_UNAVAILABLE: (d) => `${d.port}: ${d.why}; ${d.remedy}`,
  BLE_FAILED: (d) => `${d.address}: ${d.step} failed: ${d.why}`,
};

/** Every error we throw on purpose. Callers branch on `code`; people read `message`. */
export class GatewayError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'GatewayError';
  readonly code: C;
  readonly details: Details[C];
  constructor(code: C, details: Details[C], options?: ErrorOptions) {
    super(say[code](details), options);
    this.code = code;
    this.details = details;
  }
}

/** The one sentence of any thrown thing. */
export const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));
