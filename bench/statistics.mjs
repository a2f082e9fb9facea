/** The middle of some numbers. */
export function median(numbers) {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of the ratios of numbers that were taken right after each other: what the machine does besides hits both. */
export const medianRatio = (numbers, others) => median(numbers.map((number, index) => number / others[index]));

/** How far the middle half of some numbers lies around their median, as a part of it. */
export function spread(numbers) {
  const sorted = numbers.toSorted((one, other) => one - other);
  const quarter = Math.floor(sorted.length / 4);
  return (sorted.at(-1 - quarter) - sorted[quarter]) / 2 / median(sorted);
}

/**
 * Measures contenders in turn, round by round, each time beginning with another one. One round more comes first and does
 * not count: in it programs become warm.
 *
 * @param contenders what to measure, by name: functions that return a number or a record of numbers
 * @returns for each contender what it returned in every round
 */
export async function interleave(rounds, contenders) {
  const names = Object.keys(contenders);
  const results = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + turn) % names.length];
      const result = await contenders[name]();
      if (round > 0) results[name].push(result);
    }
  }
  return results;
}

/** The column of one number in records. */
export const column = (records, name) => records.map((record) => record[name]);

export const thousands = (number) => Math.round(number).toLocaleString('en-GB');
export const decimals = (number, digits = 2) => number.toFixed(digits);
export const mebibytes = (bytes) => `${decimals(bytes / 2 ** 20, 1)} MB`;
export const megabytes = (bytes) => `${decimals(bytes / 1e6)} MB`;
