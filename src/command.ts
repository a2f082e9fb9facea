#!/usr/bin/env node
import { main } from './cli.ts';

const ended = new Promise((resolve) => {
  process.once('SIGTERM', resolve);
  process.once('SIGINT', resolve);
});

// whoever reads the output may stop reading, as `head` does, and a disk may be full: lines are lost, nothing else is
process.stderr.on('error', () => undefined);
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code !== 'EPIPE') process.stderr.write(`Cannot write to standard output (${code}).\n`);
});

void main(process.argv.slice(2), { environment: process.env, stdout: process.stdout, stderr: process.stderr, ended }).then((status) => {
  process.exitCode = status;
});
