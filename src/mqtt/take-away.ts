// The command that takes away what lies at a topic. Anybody can name a topic, and people paste what a log tells them.

/** As one word of a shell. */
const word = (topic: string): string =>
  /^[\w/.-]+$/.test(topic) ? topic : `'${topic.replaceAll("'", "'\\''")}'`;

export const takeAway = (topic: string): string => `\`mosquitto_pub -r -n -t ${word(topic)}\``;
