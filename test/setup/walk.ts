// A person's way through the first start, from the claim to the home screen, by what they read on the page.
import type { Page } from 'playwright-core';

export interface Walk {
  /** Six digits, as the terminal shows them. */
  readonly code: string;
  readonly password: string;
  /** Names of the units on the air, as the list shows them. */
  readonly units: readonly string[];
  /** Where Modbus TCP is to be served on this machine. */
  readonly tcpPort: number;
  /** Called when a screen is whole, e.g. to look at it. */
  readonly seen?: (screen: string) => unknown;
}

/** Ends on the home screen, logged in. The page is English. */
export async function walk(
  page: Page,
  { code, password, units, tcpPort, seen = () => {} }: Walk,
): Promise<void> {
  const next = page.getByRole('button', { name: 'Next', exact: true });
  const at = (heading: string) => page.getByRole('heading', { name: heading, level: 1 }).waitFor();

  await page.getByLabel('Six-digit code').fill(code);
  await page.getByLabel('New password').fill(password);
  await seen('claim');
  await page.getByRole('button', { name: 'Set the password' }).click();

  await at('Which batteries?');
  for (const name of units) await page.getByRole('checkbox', { name: new RegExp(name) }).check();
  await seen('find');
  await page.getByRole('button', { name: /^Connect to/ }).click();

  await at('Is this right?');
  await next.and(page.locator(':enabled')).waitFor({ timeout: 120_000 });
  await seen('proof');
  await next.click();

  await at('How are they wired?');
  await seen('strings');
  await next.click();

  await at('What may it bear?');
  await page.getByRole('checkbox', { name: /I have compared/ }).check();
  await seen('limits');
  await next.click();

  await at('Which inverter?');
  await page.getByRole('searchbox').fill('plc');
  await seen('inverter');
  await page.getByRole('button', { name: /^Choose this: Generic battery map/ }).click();

  await at('Which wire?');
  await page.getByRole('button', { name: 'the network (Modbus TCP)' }).click();
  await page.getByLabel('TCP port').fill(String(tcpPort));
  await seen('wire');
  await next.click();

  await at('And afterwards?');
  await seen('afterwards');
  await next.click();

  await at('Does it work?');
  const write = page.getByRole('button', { name: 'Write it and start' });
  await write.waitFor({ timeout: 120_000 });
  await seen('trial');
  await write.click();

  await at('It is written.');
  await seen('done');
  await at('Home');
  await seen('home');
}
