import { test } from './etherpad-fixture.mjs';
import { readPadUntilTheEnd } from './pad-steps.mjs';

test('a pupil sees the pad until the lesson is over', async ({ page, etherpad }) => {
  await readPadUntilTheEnd(page, etherpad);
});
