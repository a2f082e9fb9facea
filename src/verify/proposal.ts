import type { Finding } from './shown-behaviours.ts';

const asCode = (value: unknown): string => {
  if (typeof value === 'string') return `'${value.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`)}'`;
  if (Array.isArray(value)) return `[${value.map(asCode).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([name, member]) => `${name}: ${asCode(member)}`)
      .join(', ')} }`;
  return String(value);
};

const REMARKS = {
  found: ({ value, expected }: Finding, as: string): string =>
    JSON.stringify(value) === JSON.stringify(expected) ? '' : `unlike ${as}, which has ${asCode(expected)}`,
  new: (_finding: Finding): string => 'a value that no emulation has yet',
  undecided: ({ why, expected }: Finding, as: string): string => `undecided: ${why}; ${as} has ${asCode(expected)}`,
};

/**
 * The column that a server would have in the table of emulations, as far as its answers tell: a line for each behaviour,
 * with `?` where they do not.
 *
 * @param as the emulation that it was compared with
 */
export function proposeColumn(findings: readonly Finding[], as: string): string[] {
  const width = Math.max(...findings.map(({ behaviour }) => behaviour.length)) + 2;
  return findings.map((finding) => {
    const value = finding.state === 'undecided' ? '?' : asCode(finding.value);
    const remark = REMARKS[finding.state](finding, as);
    return `${`${finding.behaviour}:`.padEnd(width)}${value},${remark === '' ? '' : `  // ${remark}`}`;
  });
}
