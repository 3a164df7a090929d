// All that the makers say, each sentence once.
import * as hands from './gateway-hands.ts';
import * as bank from './gateway-makers.ts';
import * as office from './gateway-office.ts';

export const said: readonly string[] = [
  ...new Set(
    [
      bank.saidInScenarios,
      bank.saidOfAlarms,
      bank.saidOfRungs,
      bank.saidOfExceeding,
      bank.saidOfBlocked,
      bank.saidOfFlapping,
      ...Object.values(hands),
      ...Object.values(office),
    ].flatMap((make) => [...make()]),
  ),
];
