import { expect, test } from 'vitest';
import { startMockEtherpad } from '../../src/index.ts';

test('an empty value in the query of the requests is no filter', async () => {
  await using etherpad = await startMockEtherpad();
  await fetch(`${etherpad.url}/api/1/createGroup?apikey=${etherpad.apiKey}`);
  await fetch(`${etherpad.url}/api/1/createGroup`);
  const totalOf = async (query: string): Promise<unknown> => {
    const answer = await fetch(`${etherpad.url}/_mock/requests?${query}`);
    return answer.ok ? ((await answer.json()) as { total: number }).total : answer.status;
  };
  expect(await totalOf('function=&code=&limit=')).toBe(2);
  expect(await totalOf('function=createGroup&code=')).toBe(2);
  expect(await totalOf('function=&code=4')).toBe(1);
  expect(await totalOf('colour=')).toBe(400);
});
