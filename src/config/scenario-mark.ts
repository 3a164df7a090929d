/** True when the text says it is a scenario, of any version. */
export const looksLikeScenario = (text: string): boolean => /^# bmsgate scenario \d+/.test(text);
