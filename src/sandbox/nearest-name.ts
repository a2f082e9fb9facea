/** How many letters to change, add or leave out make one text another: Levenshtein's distance. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let at = 1; at <= one.length; at++) {
    const next = [at];
    for (let to = 1; to <= other.length; to++) {
      const changed = row[to - 1]! + Number(one[at - 1] !== other[to - 1]);
      next.push(Math.min(changed, row[to]! + 1, next[to - 1]! + 1));
    }
    row = next;
  }
  return row[other.length]!;
}

/** No name that we know is longer: a longer text is none of them, misspelled. */
const LONGEST = 60;

/**
 * The name that somebody probably meant; undefined when none is near. Case does not count.
 *
 * @example nearestName('deletSession', ['createSession', 'deleteSession']) // 'deleteSession'
 */
function nearestName(meant: string, names: readonly string[]): string | undefined {
  if (meant.length > LONGEST) return undefined;
  let nearest: string | undefined;
  let least = Math.floor(meant.length / 3) + 1;
  for (const name of names) {
    const far = distance(meant.toLowerCase(), name.toLowerCase());
    if (far < least) [nearest, least] = [name, far];
  }
  return nearest;
}

/** `: did you mean deleteSession?`, or the empty text when no name is near. */
export function didYouMean(meant: string, names: readonly string[]): string {
  const nearest = nearestName(meant, names);
  return nearest === undefined ? '' : `: did you mean ${nearest}?`;
}
