import { expect, test } from 'vitest';
import packageLock from '../../package-lock.json' with { type: 'json' };

/** The oldest Node.js that the package runs on, by its major version. */
const OLDEST = 20;

test('no package that npm ci installs asks for a newer Node.js than ours does', () => {
  const packages = Object.entries(packageLock.packages as Record<string, { engines?: { node?: string } | string[] }>);
  const newer = packages.filter(([, { engines }]) => {
    const least = /^>=\s*(\d+)[\d.]*$/.exec((engines as { node?: string } | undefined)?.node ?? '')?.[1];
    return Number(least ?? 0) > OLDEST;
  });
  expect(newer.map(([name]) => name)).toEqual([]);
});
