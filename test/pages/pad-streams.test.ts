import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { PadStreams } from '../../src/http/pages/pad-streams.ts';
import { newWorld } from '../etherpad/new-world.ts';

const READER = { cookies: undefined, queryNames: [], hide: (text: string) => text };

test('a page that cannot be made ends its own stream, and the others go on', async () => {
  const reported: unknown[] = [];
  const streams = new PadStreams((error) => reported.push(error));
  const world = newWorld('3.3.1');
  world.call('createPad', { padID: 'open', text: 'first' });
  let isBroken = false;
  const server = http.createServer((request, response) =>
    streams.start(response, {
      id: 'open',
      reader: READER,
      world: () => {
        if (isBroken && request.url === '/breaks') throw new Error('a pad that cannot be read');
        return world;
      },
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    streams.end();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [breaks, goesOn] = await Promise.all([fetch(`${url}/breaks`), fetch(`${url}/goes-on`)]);
  const reader = goesOn.body!.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toContain('first');
  expect(streams.size).toBe(2);

  isBroken = true;
  // ends, and so is read to its end
  expect(await breaks.text()).toContain('first');
  await expect.poll(() => streams.size).toBe(1);
  expect(reported).toEqual([new Error('a pad that cannot be read')]);

  world.call('setText', { padID: 'open', text: 'second' });
  expect((await reader.read()).value).toContain('second');
  await reader.cancel();
  await expect.poll(() => streams.size).toBe(0);
});

test('what changes nothing for the reader is not sent again', async () => {
  const streams = new PadStreams((error) => {
    throw error;
  });
  const world = newWorld('3.3.1');
  world.call('createPad', { padID: 'open', text: 'first' });
  const server = http.createServer((_request, response) => streams.start(response, { id: 'open', reader: READER, world: () => world }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    streams.end();
    server.close();
  });
  const { body } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
  await reader.read();
  world.call('createPad', { padID: 'other', text: 'x' });
  world.call('getText', { padID: 'open' });
  world.clock.seconds += 10;
  const waited = await Promise.race([reader.read(), new Promise((resolve) => setTimeout(resolve, 700, 'nothing'))]);
  expect(waited).toBe('nothing');
});
