import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anyStep, Client } from './client-with-memory.ts';
import { type Started, WAYS } from './ways.ts';

const CLIENTS = 50;
const STEPS = 12;

describe.each(WAYS)(`${CLIENTS} sandboxes, used by as many clients at once, %s`, (_way, start) => {
  let server: Started;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());

  test('never see each other', async () => {
    const plans = fc.array(fc.array(anyStep, { minLength: STEPS, maxLength: STEPS }), { minLength: CLIENTS, maxLength: CLIENTS });
    let run = 0;
    const property = fc.asyncProperty(plans, async (stepsOfAll) => {
      run += 1;
      await Promise.all(
        stepsOfAll.map(async (steps, index) => {
          const client = new Client(server.etherpad.sandbox(`run-${run}-client-${index}`));
          for (const step of steps) await client.take(step);
          const { found, expected } = await client.compare();
          expect(found).toEqual(expected);
        }),
      );
      expect(await server.etherpad.state.export()).toEqual({ groups: [], authors: [], sessions: [], pads: [] });
      expect(await server.etherpad.requests.list()).toEqual({ total: 0, requests: [] });
      await server.etherpad.sandboxes.deleteAll();
    });
    // a smaller plan shows no more than this one: what matters is that all are there at once
    await fc.assert(property, { numRuns: 2, endOnFailure: true });
  });
});
