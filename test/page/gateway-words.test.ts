// Who reads German reads the gateway's sentences in German once they are there; who reads English never loads them.
import { afterEach, expect, test, vi } from 'vitest';
import { language } from '../../src/page/preferences.ts';
import { gatewaySaid, gatewayText } from '../../src/page/words/gateway-words.tsx';

const sentence = 'protection: cell high voltage of battery b, 3.71 V';
const german = 'Schutzabschaltung: Zellüberspannung, Batterie b, 3,71\u00a0V';

afterEach(() => {
  language.value = 'en';
});

test('an English reader reads what the gateway said', () => {
  language.value = 'en';
  expect(gatewayText(sentence)).toBe(sentence);
  expect(gatewaySaid(sentence)).toEqual({ lang: 'en', children: sentence });
});

test('a German reader reads it in German as soon as that is there, and until then in English that is marked so', async () => {
  language.value = 'de';
  expect(gatewaySaid(sentence)).toEqual({ lang: 'en', children: sentence });
  await vi.dynamicImportSettled();
  expect(gatewaySaid(sentence)).toEqual({ children: german });
  language.value = 'en';
  expect(gatewayText(sentence)).toBe(sentence);
});

test('what has no German sentence stays English, and is marked so', async () => {
  language.value = 'de';
  await vi.dynamicImportSettled();
  expect(gatewaySaid('the cellar is under water')).toEqual({
    lang: 'en',
    children: 'the cellar is under water',
  });
});

test('what is wrong with a file is said in German to who reads of one, and is not loaded before', async () => {
  const wrong = 'unknown key `titel`; did you mean `title`?';
  const said = 'unbekannter Schlüssel `titel`; ist `title` gemeint?';
  language.value = 'de';
  gatewayText(wrong);
  await vi.dynamicImportSettled();
  expect(gatewaySaid(wrong)).toEqual({ lang: 'en', children: wrong });
  const refused = (why: string) => `profile is refused, the one in force goes on: /etc/mine.yaml:3:5: ${why}`;
  expect(gatewayText(refused(wrong))).toContain(wrong);
  await vi.dynamicImportSettled();
  expect(gatewayText(refused(wrong))).toBe(
    `Profil ist abgelehnt, das bisherige gilt weiter: /etc/mine.yaml:3:5: ${said}`,
  );
  expect(gatewaySaid(wrong, true)).toEqual({ children: said });
  expect(gatewayText(sentence)).toBe(german);
});

test('what could not be loaded stays English, and is asked for again a while later', async (context) => {
  vi.resetModules();
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  let isAway = true;
  let asked = 0;
  for (const file of ['all', 'complaints'])
    vi.doMock(`../../src/page/words/gateway-de/${file}.ts`, (original) => {
      asked++;
      if (isAway) throw new Error('the network is away');
      return original();
    });
  context.onTestFinished(() => {
    vi.useRealTimers();
    vi.doUnmock('../../src/page/words/gateway-de/all.ts');
    vi.doUnmock('../../src/page/words/gateway-de/complaints.ts');
    vi.resetModules();
  });
  const { language: ours } = await import('../../src/page/preferences.ts');
  const { gatewayText: say } = await import('../../src/page/words/gateway-words.tsx');
  ours.value = 'de';
  const says = async () => {
    const now = [say(sentence), say('unknown key `titel`', true)];
    await vi.dynamicImportSettled();
    return now;
  };
  expect(await says()).toEqual([sentence, 'unknown key `titel`']);
  isAway = false;
  const before = asked;
  await says();
  expect(asked).toBe(before);
  // Nobody asks for a sentence anew that stands on the page.
  vi.advanceTimersByTime(10_000);
  await vi.dynamicImportSettled();
  expect(await says()).toEqual([german, 'unbekannter Schlüssel `titel`']);
});
