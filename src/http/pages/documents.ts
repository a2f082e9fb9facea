import { crc32 } from 'node:zlib';
import { escapeHtml } from '../html.ts';

// Etherpad 3.3.1 writes these two without a converter. The mock writes the text alone, without formats: enough for an
// application that offers the file, or reads the text out of it.

/** A4 in points, with lines of a size that 95 letters fit into. */
const PAGE = { width: 595, height: 842, margin: 56, size: 10, leading: 14 } as const;
const LETTERS_PER_LINE = 95;
const LINES_PER_PAGE = Math.floor((PAGE.height - 2 * PAGE.margin) / PAGE.leading);

function wrapped(line: string): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > LETTERS_PER_LINE) {
    const space = rest.lastIndexOf(' ', LETTERS_PER_LINE);
    const end = space > 0 ? space : LETTERS_PER_LINE;
    lines.push(rest.slice(0, end));
    rest = rest.slice(space > 0 ? end + 1 : end);
  }
  return [...lines, rest];
}

/** The fonts that every reader has know Latin-1 alone. */
const inLatin1 = (text: string): string => text.replace(/[^ -~\u00a0-\u00ff]/gu, '?');

const literal = (text: string): string => `(${inLatin1(text).replace(/[\\()]/g, '\\$&')}) Tj T*`;

/**
 * A text as a PDF document of as many pages as it takes.
 *
 * @param title of the document
 */
export function writePdf(text: string, title: string): Buffer {
  const lines = text.replace(/\n$/, '').replaceAll('\t', '    ').split('\n').flatMap(wrapped);
  const pages = Array.from({ length: Math.ceil(lines.length / LINES_PER_PAGE) }, (_, index) =>
    lines.slice(index * LINES_PER_PAGE, (index + 1) * LINES_PER_PAGE),
  );
  const first = 5;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, index) => `${first + 2 * index} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    `<< /Title (${inLatin1(title).replace(/[\\()]/g, '\\$&')}) /Producer (mock-etherpad) >>`,
    ...pages.flatMap((page, index) => {
      const content = `BT /F1 ${PAGE.size} Tf ${PAGE.leading} TL ${PAGE.margin} ${PAGE.height - PAGE.margin} Td\n${page.map(literal).join('\n')}\nET`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${PAGE.width} ${PAGE.height}] /Resources << /Font << /F1 3 0 R >> >> /Contents ${first + 2 * index + 1} 0 R >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ];
    }),
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  return Buffer.from(
    `${body}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R /Info 4 0 R >>\nstartxref\n${body.length}\n%%EOF\n`,
    'latin1',
  );
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** XML has no place for most control characters, not even encoded. */
// oxlint-disable-next-line no-control-regex
const inXml = (text: string): string => escapeHtml(text.toWellFormed().replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/g, ''));

const paragraph = (line: string): string => `<w:p><w:r><w:t xml:space="preserve">${inXml(line)}</w:t></w:r></w:p>`;

/** The files of the least document that word processors open. */
const docxFiles = (text: string): [name: string, content: string][] => [
  [
    '[Content_Types].xml',
    `${XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
  ],
  [
    '_rels/.rels',
    `${XML}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
  ],
  [
    'word/document.xml',
    `${XML}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${text.replace(/\n$/, '').split('\n').map(paragraph).join('')}</w:body></w:document>`,
  ],
];

/** 1 January 1980, where ZIP's time begins: the same text gives the same file. */
const ZIP_DATE = 33;

/** What a ZIP file says of one of its files, in front of it and again at the end. */
function zipFields(name: Buffer, content: Buffer): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(0x0800, 2); // names are UTF-8
  fields.writeUInt16LE(ZIP_DATE, 8);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(content.length, 14);
  fields.writeUInt32LE(content.length, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

/** A ZIP file of files as they are: nothing is compressed. */
function zip(files: readonly [name: string, content: string][]): Buffer {
  const parts: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of files) {
    const [nameBytes, bytes] = [Buffer.from(name), Buffer.from(content)];
    const fields = zipFields(nameBytes, bytes);
    const part = [Buffer.from('PK\x03\x04', 'latin1'), fields, nameBytes, bytes];
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    entries.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, tail, nameBytes);
    parts.push(...part);
    offset += part.reduce((sum, { length }) => sum + length, 0);
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, directory, end]);
}

/** A text as a Word document, a paragraph for each line. */
export const writeDocx = (text: string): Buffer => zip(docxFiles(text));
