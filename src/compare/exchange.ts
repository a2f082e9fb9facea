/** A request as it went to the real server. */
export interface SentRequest {
  readonly method: string;
  /** As it stands in the request line: `/api/1/createGroup?apikey=…`. */
  readonly target: string;
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** An answer as it came. */
export interface GivenAnswer {
  readonly kind: 'answer';
  readonly status: number;
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** No answer came: the server went away, or nothing was said in so many milliseconds. */
export interface NoAnswer {
  readonly kind: 'lost' | 'silence';
  readonly milliseconds: number;
  readonly reason: string;
}

/** A request and what the real server did about it. */
export interface Exchange {
  readonly request: SentRequest;
  readonly real: GivenAnswer | NoAnswer;
  /** Whether another call was under way at the same time: which of them came first cannot be known for sure. */
  readonly overlaps: boolean;
}

/** The value of a header; several of one name are joined by commas. */
export function headerOf(rawHeaders: readonly string[], name: string): string | undefined {
  const values = rawHeaders.filter((_value, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === name);
  return values.length === 0 ? undefined : values.join(', ');
}

/** Headers in pairs. */
export const pairsOf = (rawHeaders: readonly string[]): [name: string, value: string][] =>
  Array.from({ length: rawHeaders.length / 2 }, (_nothing, index) => [rawHeaders[2 * index]!, rawHeaders[2 * index + 1]!]);
