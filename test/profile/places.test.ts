import { describe, expect, test } from 'vitest';
import { openDocument, type Path } from '../../src/profile/document.ts';
import { placesOf, problemIn } from '../../src/profile/places.ts';

const text = `
batteries:
  - { id: a, cells: 16 }
  - id: b
    constructor: 1
inverters: []
`;
const sheet = openDocument('g.yaml', text);
if ('problems' in sheet) throw new Error('the file is right');
const placed = { path: 'g.yaml', places: placesOf(sheet) };

describe('the places of a file', () => {
  test.each<Path>([
    [],
    ['batteries'],
    ['batteries', 0],
    ['batteries', 0, 'cells'],
    ['batteries', 1, 'id'],
    ['batteries', 1, 'constructor'],
    ['inverters'],
    // Not there: the nearest above.
    ['batteries', 0, 'password_file'],
    ['batteries', 1, 'constructor', 'name'],
    ['batteries', 7, 'id'],
    ['inverters', 0, 'profile'],
    ['toString'],
  ])('are told as plain data just as by the document itself: %s %s %s', (...path) => {
    expect(problemIn(structuredClone(placed), path, 'is wrong')).toEqual(sheet.problemAt(path, 'is wrong'));
  });
});
