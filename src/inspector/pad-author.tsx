import type { PadAuthor } from '../http/inspector/pads.ts';

/** The name of an author, or the ID of one without a name. */
export function AuthorName({ author: { authorID, name, color } }: { author: PadAuthor }) {
  return (
    <span class="author">
      {color !== null && <i class="dot" style={{ backgroundColor: color }} />}
      {name ?? authorID}
    </span>
  );
}
