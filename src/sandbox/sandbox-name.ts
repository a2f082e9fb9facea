import { ControlError } from './problem.ts';

/** A longer name is not shown: the beginning of it could be half a key, which nobody would find in it. */
const LONGEST_SHOWN = 80;

const NAME = /^[A-Za-z0-9._-]{1,64}$/;

/**
 * Checks the name of a sandbox. `.` and `..` are none: clients take them out of a URL, and would reach another Etherpad.
 *
 * @throws ControlError 400 for a name that no sandbox can have
 */
export function checkSandboxName(name: string): void {
  if (!NAME.test(name) || name === '.' || name === '..') {
    const given = name.length > LONGEST_SHOWN ? `with ${name.length} characters` : JSON.stringify(name);
    throw new ControlError(400, `a sandbox is named with 1 to 64 of A-Z, a-z, 0-9, dot, underscore and hyphen, not ${given}`);
  }
}
