import contentDisposition from 'content-disposition';
import type { Access, Granted } from '../../etherpad/access.ts';
import { ApiError } from '../../etherpad/api-error.ts';
import type { Pad } from '../../etherpad/pads/pad.ts';
import { readRevisionNumber } from '../../etherpad/pads/revision-number.ts';
import type { World } from '../../etherpad/world.ts';
import { HTML_TYPE } from '../etherpad/envelope.ts';
import { escapeHtml } from '../html.ts';
import { notFound, type PadAnswer, serverError, text } from './answer.ts';
import { exportedHtml, exportedText } from './content.ts';
import { writeDocx, writePdf } from './documents.ts';
import { etherpadDocument } from './etherpad-document.ts';

/** What an export is made of. */
interface Exported {
  readonly world: World;
  readonly pad: Pad;
  /** As it stands in the path: files are called so, and a read-only id tells nothing of its pad. */
  readonly id: string;
  /** From 0 to the head; undefined for the newest. */
  readonly revision: number | undefined;
}

interface Format {
  readonly type: string;
  readonly write: (exported: Exported) => string | Buffer;
}

const htmlDocument = ({ id, pad, revision, world }: Exported): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(id)}</title>
<meta name="generator" content="Etherpad">
</head>
<body>
${exportedHtml(pad, revision, world)}
</body>
</html>
`;

const FORMATS: Readonly<Record<string, Format>> = {
  txt: { type: 'text/plain; charset=utf-8', write: ({ pad, revision }) => exportedText(pad, revision) },
  html: { type: HTML_TYPE, write: htmlDocument },
  etherpad: {
    type: 'application/octet-stream; charset=utf-8',
    write: ({ pad, id, revision, world: { state, behaviour } }) =>
      JSON.stringify(etherpadDocument(pad, id, state, behaviour.etherpadExportEndsAtRevision ? revision : undefined)),
  },
  pdf: { type: 'application/pdf', write: ({ pad, id, revision }) => writePdf(exportedText(pad, revision), id) },
  docx: {
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    write: ({ pad, revision }) => writeDocx(exportedText(pad, revision)),
  },
};

/** What every Etherpad writes. */
const COMMON_TYPES = new Set(['txt', 'html', 'etherpad']);

const CORS = { 'Access-Control-Allow-Origin': '*' } as const;

/** The revision that a path names: Etherpad takes a number above the head for the head. */
function readRevision(rev: string | undefined, pad: Pad): number | undefined {
  return rev === undefined ? undefined : Math.min(readRevisionNumber(rev), pad.head);
}

function writeExport(access: Granted<Pad>, pad: Pad, { rev, type }: Asked, world: World): PadAnswer {
  const { id } = access;
  const { type: contentType, write } = FORMATS[type]!;
  const headers = { ...CORS, 'Content-Disposition': contentDisposition(`${id}.${type}`) };
  let revision: number | undefined;
  try {
    revision = readRevision(rev, pad);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (world.behaviour.malformedExportRevision === 'refusal') {
      return { ...text(500, error.message, CORS), type: 'text/plain; charset=utf-8' };
    }
    // the headers of the file are set by then
    return { ...serverError(error.message), type: contentType, headers };
  }
  return { status: 200, type: contentType, body: write({ world, pad, id, revision }), headers };
}

/** What a path asks for. */
interface Asked {
  readonly rev: string | undefined;
  readonly type: string;
  /** The whole path, as it came. */
  readonly path: string;
  readonly method: string;
}

/**
 * An export, as a server without a converter answers it: of the formats that need one it says so before it asks who
 * reads, and to everybody.
 *
 * @param open asks the rule, and gives the reason of a denial
 */
export function answerExport(
  asked: Asked,
  world: World,
  open: () => { readonly access: Access<Pad>; readonly reason: string | undefined },
): PadAnswer {
  const { type, method, path } = asked;
  const { convertedExports, noConverterMessage, ownDocuments } = world.behaviour;
  if (convertedExports.includes(type)) return text(200, noConverterMessage);
  const isWritten = COMMON_TYPES.has(type) || (ownDocuments as readonly string[]).includes(type);
  if (!isWritten) return notFound(method, path);
  const { access, reason } = open();
  if (!access.granted) return { ...text(403, "403 - Can't touch this", CORS), access, reason };
  const { pad } = access;
  if (pad === undefined) {
    const answer = notFound(method, path);
    return { ...answer, headers: { ...answer.headers, ...CORS }, access, reason: 'there is no such pad' };
  }
  return { ...writeExport(access, pad, asked, world), access };
}
