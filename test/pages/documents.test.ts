import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import { writeDocx, writePdf } from '../../src/http/pages/documents.ts';

/** Where the cross-reference table of a PDF says that its objects are. */
function objectsOf(pdf: Buffer): string[] {
  const text = pdf.toString('latin1');
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)![1]);
  const rows = text.slice(start).matchAll(/^(\d{10}) 00000 n $/gm);
  return Array.from(rows, ([, offset]) => text.slice(Number(offset), text.indexOf('endobj', Number(offset))));
}

test('a PDF holds the lines of a text, and its table points to its objects', () => {
  const pdf = writePdf('Hello (you) \\ there\nü and 漢\n', 'notes');
  const objects = objectsOf(pdf);
  expect(objects).toHaveLength(6);
  for (const [index, object] of objects.entries()) expect(object.startsWith(`${index + 1} 0 obj\n`)).toBe(true);
  expect(objects[3]).toContain('/Title (notes)');
  expect(objects[5]).toContain('(Hello \\(you\\) \\\\ there) Tj T*\n(ü and ?) Tj T*');
  const [, length, content] = /\/Length (\d+) >>\nstream\n([^]*)\nendstream/.exec(objects[5]!)!;
  expect(content).toHaveLength(Number(length));
});

test('a long text takes several pages, and a long line several lines', () => {
  const objects = objectsOf(writePdf(`${'word '.repeat(40)}\n${'x'.repeat(300)}\n${'line\n'.repeat(200)}`, 'long'));
  expect(objects[1]).toContain('/Count 4');
  const lines = objects.flatMap((object) => Array.from(object.matchAll(/^\((.*)\) Tj T\*$/gm), ([, line]) => line!));
  expect(lines.every((line) => line.length <= 95)).toBe(true);
  expect(lines.join('').replaceAll(' ', '')).toBe('word'.repeat(40) + 'x'.repeat(300) + 'line'.repeat(200));
});

test.each([
  ['x'.repeat(95), ['x'.repeat(95)]],
  ['x'.repeat(96), ['x'.repeat(95), 'x']],
  [`${'x'.repeat(95)} y`, ['x'.repeat(95), 'y']],
  [`${'x'.repeat(94)} y`, ['x'.repeat(94), 'y']],
  [` ${'x'.repeat(95)}`, [` ${'x'.repeat(94)}`, 'x']],
  [`a ${'x'.repeat(95)}`, ['a', 'x'.repeat(95)]],
])('where the line %j is broken', (line, lines) => {
  const [, , , , , content] = objectsOf(writePdf(`${line}\n`, 'line'));
  expect(Array.from(content!.matchAll(/^\((.*)\) Tj T\*$/gm), ([, text]) => text)).toEqual(lines);
});

test('an empty text has a page, too', () => {
  expect(objectsOf(writePdf('\n', ''))[1]).toContain('/Count 1');
});

/** The files of a ZIP file, read by the directory at its end as unzip does. */
function unzip(file: Buffer): Map<string, string> {
  const end = file.length - 22;
  expect(file.subarray(end, end + 4).toString('latin1')).toBe('PK\u0005\u0006');
  const files = new Map<string, string>();
  let entry = file.readUInt32LE(end + 16);
  for (let count = file.readUInt16LE(end + 10); count > 0; count--) {
    expect(file.subarray(entry, entry + 4).toString('latin1')).toBe('PK\u0001\u0002');
    const [length, nameLength, local] = [file.readUInt32LE(entry + 24), file.readUInt16LE(entry + 28), file.readUInt32LE(entry + 42)];
    const name = file.subarray(entry + 46, entry + 46 + nameLength).toString();
    expect(file.subarray(local, local + 4).toString('latin1')).toBe('PK\u0003\u0004');
    expect(file.subarray(local + 30, local + 30 + nameLength).toString()).toBe(name);
    const content = file.subarray(local + 30 + nameLength, local + 30 + nameLength + length);
    expect(crc32(content)).toBe(file.readUInt32LE(entry + 16));
    files.set(name, content.toString());
    entry += 46 + nameLength;
  }
  expect(entry).toBe(end);
  return files;
}

test('a Word document is a ZIP file with a paragraph for each line', () => {
  const files = unzip(writeDocx('One & <two>\n\n\ttab\u0000\u000b漢\n'));
  expect([...files.keys()]).toEqual(['[Content_Types].xml', '_rels/.rels', 'word/document.xml']);
  const lines = files.get('word/document.xml')!.matchAll(/<w:p>.*?<w:t xml:space="preserve">(.*?)<\/w:t><\/w:r><\/w:p>/g);
  expect(Array.from(lines, ([, line]) => line)).toEqual(['One &#38; &#60;two&#62;', '', '\ttab漢']);
});
