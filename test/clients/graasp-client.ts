import { createRequire } from 'node:module';
import type graasp from '@graasp/etherpad-api';

/** What the package exports: its types say `default`, its CommonJS is the class itself. */
export const GraaspClient = createRequire(import.meta.url)('@graasp/etherpad-api') as typeof graasp.default;

export type GraaspClient = graasp.default;
