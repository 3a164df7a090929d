// What three minutes of faults showed, in sentences; run by can-soak.sh, inside can-run.
import { linesOf } from '../soak/gateway/outcome.ts';
import { soakGateway } from '../soak/gateway/soak.ts';
import { claim, end, step } from './steps.mts';

const SECONDS = 180;
/** In the emulated machine a round of questions takes longer than data is good for. */
if (process.env.CAN_RIG === 'vm') {
  console.log('skipped: the soak of the gateway, for which an emulated machine is too slow');
  end();
}

const outcome = await soakGateway({
  seed: Number(process.env.SOAK_SEED ?? 1),
  seconds: SECONDS,
  say: console.log,
});
for (const line of linesOf(outcome)) console.log(line);

const { line, can, faults, violations } = outcome;
await step('nothing on any wire is wrong, torn, old without a sign, late or missing', async () => {
  claim(violations.length === 0, violations.slice(0, 5).join('; '));
  return `${line.images} images of the line and ${can.images} of CAN, ${can.beats} beats`;
});
await step('every question is answered, but for those that a fault forbids', async () => {
  claim(line.answered + line.excused === line.asked, JSON.stringify(line));
  claim(line.answered > line.excused, `${line.excused} of ${line.asked} are excused`);
  return `${line.answered} of ${line.asked}, ${line.excused} excused`;
});
await step('no damaged write is executed', async () => {
  claim(line.damagedWrites > 0 && line.scratchReads > 0, JSON.stringify(line));
  return `${line.damagedWrites} of them, looked ${line.scratchReads} times`;
});
await step('faults of many kinds came', async () => {
  const kinds = Object.entries(faults).filter(([, count]) => count > 0);
  claim(kinds.length > 10, `only ${kinds.length}`);
  return kinds.map(([kind, count]) => `${kind} ${count}`).join(', ');
});
end();
