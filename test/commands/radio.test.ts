import { expect, test, vi } from 'vitest';
import { print } from '../../src/commands/radio.ts';

test('a name from the air moves no cursor and makes no line of its own colour', () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  print('A4:C1:38:00:00:01  \u001b[2JJBD\u009b31m\r-50 dBm');
  print('{\n  "name": "x"\n}');
  const said = write.mock.calls.map(([text]) => text);
  write.mockRestore();
  expect(said).toEqual(['A4:C1:38:00:00:01   [2JJBD 31m -50 dBm\n', '{\n  "name": "x"\n}\n']);
});
