// The household of 16 packs with its page, which everybody may look at.
import { type BenchGateway, householdGateway } from './gateway.ts';

export const PART = 'web';
export const PACKS = 16;
export const HOUSEHOLD = `${PACKS} packs, history, alerts, black box, Home Assistant`;

export interface House {
  readonly origin: string;
  readonly tcp: number;
  readonly broker: number;
}

export const openHouse = (
  { origin, tcp, broker }: House,
  inverters: readonly string[] = [],
): Promise<BenchGateway> => {
  const line = `{ id: ems, profile: generic-modbus, tcp: "127.0.0.1:${tcp}" }`;
  const web = `web: { listen: "${new URL(origin).host}", open_view: true }`;
  return householdGateway({ packs: PACKS, inverters: [line, ...inverters] }, broker, [web]);
};
