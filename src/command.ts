#!/usr/bin/env node
import { main } from './cli.ts';

const ended = new Promise((resolve) => {
  process.once('SIGTERM', resolve);
  process.once('SIGINT', resolve);
});

// whoever reads the output may stop reading, as `head` does
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

void main(process.argv.slice(2), { environment: process.env, stdout: process.stdout, stderr: process.stderr, ended }).then((status) => {
  process.exitCode = status;
});
