import type { Start } from '../child.ts';
import { loadConfiguration } from '../config/configuration.ts';
import { secretProblems } from '../config/secrets.ts';
import { problemText } from '../model/errors.ts';
import { listenOrder } from './listen-order.ts';
import { ownCan, runFolder, serveUntilStopped } from './serving.ts';

/** Reads the batteries and serves the inverters of a gateway file until it is told to stop. */
export async function service(path: string, startEar: Start): Promise<void> {
  const configuration = loadConfiguration(path);
  const { config } = configuration;
  await serveUntilStopped(
    {
      ...configuration,
      remarks: [...configuration.remarks, ...secretProblems(config).map(problemText)],
      listen: listenOrder(config),
      startEar,
      level: config.file.log.level,
      runFolder: runFolder(),
      // Only systemd names a folder that outlives a boot and is ours.
      stateFolder: process.env.STATE_DIRECTORY,
    },
    ownCan,
  );
}
