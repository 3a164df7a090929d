// What a broker does or holds that a person should mend, one sentence each.
import type { Cut } from './cutter.ts';
import type { HomePlan } from './plan.ts';
import { takeAway } from './take-away.ts';

/** Nobody can fill the log by filling the broker. */
const MOST_SAID = 50;

/** Each sentence once, and not for ever new ones. */
export function onceEach(say: (sentence: string) => void): (sentence: string) => void {
  const said = new Set<string>();
  return (sentence) => {
    if (said.has(sentence) || said.size >= MOST_SAID) return;
    said.add(sentence);
    say(sentence);
  };
}

export function cutText({ bytes, topic }: Cut): string {
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  return topic === undefined
    ? `a packet of ${size} was not read; look in the log of the broker what sends it`
    : `a message of ${size} at ${topic} was not read; if it is kept there take it away with ${takeAway(topic)}`;
}

export const refusedText = (topic: string): string =>
  `the broker does not let this gateway read ${topic}; allow that in its access list`;

export const birthText = (topic: string): string =>
  `${topic} says something other than \`online\` or \`offline\`; correct mqtt.birth_topic, or the birth message in Home Assistant`;

/** More lies there under our name than we ever had. */
export const crowdText = ({ discoveryPrefix, gatewayId }: HomePlan): string =>
  `the broker keeps more devices of this gateway than it can have had; look who writes to ${discoveryPrefix}/device/bmsgate_${gatewayId}_…, and allow only this gateway to`;

/** What lies at a topic of ours that is not ours. */
export const strangerText = (topic: string, isWrittenAnew: boolean): string =>
  isWrittenAnew
    ? `${topic} held something that this gateway did not write; it was written anew, nothing is to be done`
    : `${topic} holds something that this gateway did not write; take it away with ${takeAway(topic)}`;
