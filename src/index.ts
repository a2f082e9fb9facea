export type { Coverage, FunctionCoverage, Outcome } from './sandbox/coverage.ts';
export { coverageTable } from './sandbox/coverage-table.ts';
export type { Fault, FaultKind, FaultSpecification } from './sandbox/faults.ts';
export {
  type AuthenticationChange,
  type ClockAdvance,
  type ClockControl,
  type EtherpadControl,
  ExpectationError,
  type FaultControl,
  type Information,
  type RequestControl,
} from './control/handle.ts';
export type { Expectation, NearCall, Verdict } from './sandbox/expectation.ts';
export type { JournalFilter } from './sandbox/journal.ts';
export type { AccessRecord } from './etherpad/access-record.ts';
export type { JournalEntry } from './sandbox/journal-record.ts';
export { ControlError, type Problem } from './sandbox/problem.ts';
export { type ConnectedMockEtherpad, connectMockEtherpad, type ConnectOptions } from './control/remote.ts';
export type { AuthenticationMethod } from './sandbox/authentication.ts';
export type { SeedDocument, StateDocument } from './sandbox/state-document.ts';
export type { ClockReading } from './sandbox/virtual-clock.ts';
export { EMULATIONS, type Emulation, type EmulationWord } from './etherpad/emulation.ts';
export { DEFAULT_OAUTH_CLIENT, type Grant, type OAuthClientOptions } from './etherpad/oauth/clients.ts';
export type { FunctionName } from './etherpad/functions.ts';
export { type MockEtherpad, startMockEtherpad } from './mock-etherpad.ts';
export { DEFAULT_API_KEY, type LogLevel, type MockEtherpadOptions, OptionError } from './options.ts';
