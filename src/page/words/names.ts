// Names that come as plain text, in the reader's words; one that the page does not know stays as it is.
import { en } from './en.ts';
import { t } from './words.ts';

const isAlarm = (name: string): name is keyof typeof en.alarm => Object.hasOwn(en.alarm, name);

export const alarmText = (name: string): string => (isAlarm(name) ? t(`alarm.${name}`) : name);
