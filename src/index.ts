export { EMULATIONS, type Emulation } from './etherpad/emulation.ts';
export { type MockEtherpad, startMockEtherpad } from './mock-etherpad.ts';
export { DEFAULT_API_KEY, type LogLevel, type MockEtherpadOptions, OptionError } from './options.ts';
