import { Ajv, type ValidateFunction } from 'ajv';

export type Method = 'get' | 'post' | 'patch' | 'delete';

/** The same schemas, but what they do not name is an error. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== 'object') return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  return 'properties' in copy && copy['type'] === 'object' ? { ...copy, additionalProperties: false } : copy;
}

const pointer = (...names: string[]): string =>
  names.map((name) => `/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');

/** Validates answers against a served OpenAPI document, in which nothing is allowed that it does not name. */
export class DocumentValidator {
  readonly #ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

  constructor(document: object) {
    this.#ajv.addSchema(closed(document) as object, 'document');
  }

  /** @throws Error for an operation or a status that the document does not have */
  validatorOf(path: string, method: Method, status: number): ValidateFunction {
    const place = pointer('paths', path, method, 'responses', String(status), 'content', 'application/json', 'schema');
    const reference = `document#${place}`;
    return this.#ajv.getSchema(reference) ?? this.#ajv.compile({ $ref: reference });
  }

  /** What is wrong with an answer; empty where nothing is. */
  errorsOf({ status, body }: { readonly status: number; readonly body: string }, path: string, method: Method): readonly unknown[] {
    const validate = this.validatorOf(path, method, status);
    validate(JSON.parse(body));
    return validate.errors ?? [];
  }
}
