import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { BodyError, requireJsonBudget } from './body-error.ts';

/**
 * Reads JSON with Express's own reader: objects and arrays only, in UTF-8 or UTF-16, also compressed.
 *
 * @param limit the most bytes that it may have once it is inflated
 * @throws BodyError for what the budget refuses, and whatever the reader throws
 */
export async function readJson(bytes: Buffer, headers: IncomingHttpHeaders, limit: number): Promise<object | undefined> {
  const { default: bodyParser } = await import('body-parser');
  const read = bodyParser.json({ limit, type: () => true, verify: (_request, _response, json) => requireJsonBudget(json) });
  const request = Object.assign(Readable.from([bytes], { objectMode: false }), { headers }) as unknown as IncomingMessage & {
    body?: object;
  };
  await new Promise<void>((resolve, reject) => {
    read(request, {} as ServerResponse, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
  });
  return request.body;
}

/** Says where a text stops being JSON, in lines and columns from 1. */
export async function explainJson(text: string): Promise<string> {
  const { printParseErrorCode, visit } = await import('jsonc-parser');
  let first: { readonly what: string; readonly offset: number } | undefined;
  try {
    visit(
      text,
      {
        onError(error, offset) {
          first = { what: printParseErrorCode(error), offset };
          // it would go on after a mistake, and look for all the others
          throw new BodyError(first.what);
        },
      },
      { disallowComments: true, allowTrailingComma: false },
    );
  } catch (error) {
    if (!(error instanceof BodyError)) throw error;
  }
  if (first === undefined) return 'the JSON body must be an object';
  const before = text.slice(0, first.offset).split('\n');
  const what = first.what.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return `malformed JSON at line ${before.length}, column ${before.at(-1)!.length + 1}: ${what}`;
}
