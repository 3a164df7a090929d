import { type Configuration, planAll } from '../../src/config/configuration.ts';
import type { GatewayConfig } from '../../src/config/gateway-file.ts';
import { readConfiguration, readFor, readInverters } from '../../src/config/read-configuration.ts';

/** What `run` makes of a gateway file, read here instead of by the reader child. */
export const loadConfiguration = (path: string): Configuration =>
  planAll(readConfiguration(path), async (named, settings) => readFor(named, settings, true));

/** What a gateway file says of its inverters, without good copies. */
export const planHere = (config: GatewayConfig): Configuration =>
  planAll(readInverters(config), async (named, settings) => readFor(named, settings, false));
