import type { Check, GatewayFile } from './schema.ts';

const portOf = (text: string): number => Number(text.slice(text.lastIndexOf(':') + 1));

/** Whoever else listens on this machine, by port. */
const holders = ({ inverters, metrics }: GatewayFile): Map<number, string> =>
  new Map([
    ...(metrics ? [[portOf(metrics.listen), '`metrics` listens'] as const] : []),
    ...inverters.flatMap(({ id, tcp }) =>
      tcp === undefined ? [] : [[portOf(tcp), `inverter \`${id}\` is served`] as const],
    ),
  ]);

/** Two listeners cannot have one port of this machine. */
export const ports: Check = ({ value: file, problemAt }) =>
  (['metrics', 'web'] as const).flatMap((key) => {
    const listen = file[key]?.listen;
    if (listen === undefined) return [];
    const others = holders(key === 'metrics' ? { ...file, metrics: undefined } : file);
    const holder = others.get(portOf(listen));
    return holder === undefined
      ? []
      : [problemAt([key, 'listen'], `${holder} at port ${portOf(listen)}; take another port`)];
  });
