/** Servers and what stands behind them: names, passwords, topics, paths of webhooks. */
const SERVERS = /\b(https?|mqtts?|wss?):\/\/[^\s"'`,}\]]*/gi;

/** A gateway file as it may leave the house: secrets stand in files of their own, but an address can be one. */
export const maskedText = (text: string): string => text.replace(SERVERS, '$1://masked.invalid/masked');
