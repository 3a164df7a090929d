/** Servers and what stands behind them: names, passwords, topics, paths of webhooks. A line of YAML may go on behind a `\`. */
const SERVERS = /\b(https?|mqtts?|wss?):(?:\\\r?\n\s*|\S)+?(?=["'`,)\]}]{0,5}(?:\s|$))/gi;

/** What is secret by its key, up to the end of its quotes or of its line; not `password_file`. */
const WORDS =
  /(\b(?:\w*_)?(?:password|passphrase|passkey|secret|token|key|pin)["']?:\s*(?:[>|]\S*\s+)?)("(?:[^"\\]|\\[\s\S])*"|'(?:[^']|'')*'|\S[^\n]*)/gi;

/**
 * A gateway file as it may leave the house: secrets stand in files of their own, but an address can be one, and somebody may
 * have written one where it does not belong. Rather too much is masked than too little.
 */
export const maskedText = (text: string): string =>
  text.replace(WORDS, '$1masked').replace(SERVERS, '$1://masked.invalid/masked');
