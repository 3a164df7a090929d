// Why a limit is what it is, as one sentence.
import type { LimitSignal, LiveReason } from '../../model/api/live.ts';
import { DASH, numberText, quantityText, temperatureText } from '../format.ts';
import { en } from '../words/en.ts';
import { alarmText } from '../words/names.ts';
import type { WordKey } from '../words/shape.ts';
import { t } from '../words/words.ts';
import { safeTenths } from './safe-tenths.ts';

const PROTECTION = 'protection ';

const isVoltage = (limit: LimitSignal): boolean => limit.endsWith('_V');

/** A limit in its unit: V with a tenth, A with a tenth where it has one. */
export function limitText(limit: LimitSignal, value: number | undefined): string {
  const shown = value === undefined ? undefined : safeTenths(limit, value);
  return isVoltage(limit)
    ? quantityText(shown, 'V', 1)
    : quantityText(shown, 'A', shown !== undefined && !Number.isInteger(shown) ? 1 : 0);
}

/** Cells are measured in V, temperatures in °C, the rest is the state of charge. */
function measuredText({ rule, measured }: LiveReason): string {
  if (rule.includes('cell')) return quantityText(measured, 'V', 3);
  if (rule.toLowerCase().includes('temperature')) return temperatureText(measured, 1);
  return rule === 'SoC' ? quantityText(measured, '%') : numberText(measured, 1);
}

const isRule = (name: string): name is keyof typeof en.rule => Object.hasOwn(en.rule, name);

/** What a rule says, without the limit that it makes; a rule that the page does not know is told by its name. */
export function causeText(reason: LiveReason): string {
  const { rule, pack = DASH, cell = DASH } = reason;
  const places = { pack, cell, measured: measuredText(reason) };
  if (rule.startsWith(PROTECTION)) {
    const alarm = rule.slice(PROTECTION.length);
    return t('rule.protection', { ...places, alarm: alarmText(alarm) });
  }
  const key: WordKey = isRule(rule) ? `rule.${rule}` : 'rule.other';
  return t(key, { ...places, rule });
}

function leadText(limit: LimitSignal, value: number): string {
  const isNone = safeTenths(limit, value) <= 0;
  if (isNone && limit === 'charge_current_limit_A') return t('limited.no_charge');
  if (isNone && limit === 'discharge_current_limit_A') return t('limited.no_discharge');
  return t(`limited.${limit}`, { value: limitText(limit, value) });
}

/** `Charging with up to 40 A: cell 7 of battery 2 is at 3.520 V.` The first reason decided. */
export function whyText(limit: LimitSignal, value: number, reasons: readonly LiveReason[]): string {
  const [first] = reasons;
  const lead = leadText(limit, value);
  return first
    ? t('limited.sentence', { limit: lead, cause: causeText(first) })
    : t('limited.bare', { limit: lead });
}
