import type { DataKind, DataShape, EtherpadFunction } from '../../etherpad/etherpad-function.ts';

export type Schema = Readonly<Record<string, unknown>>;

export const PARAMETERS: Readonly<Record<string, { description: string; example?: string }>> = {
  groupID: { description: 'id of a group', example: 'g.s8oes9dhwrvt0zif' },
  groupMapper: { description: "the application's own id of the group", example: 'class-7b' },
  authorID: { description: 'id of an author', example: 'a.s8oes9dhwrvt0zif' },
  authorMapper: { description: "the application's own id of the author", example: 'user-42' },
  authorId: { description: 'id of the author who does it', example: 'a.s8oes9dhwrvt0zif' },
  name: { description: 'name of the author', example: 'Ada' },
  sessionID: { description: 'id of a session', example: 's.8bf9b1ee9ab4ba2c9bf07ef8a97c7ea5' },
  validUntil: { description: 'unix time in seconds at which the session ends', example: '1999999999' },
  padID: { description: 'id of a pad', example: 'g.s8oes9dhwrvt0zif$notes' },
  padName: { description: 'name of a pad in its group', example: 'notes' },
  text: { description: 'text of the pad or message', example: 'Hello' },
  html: { description: 'HTML of the pad', example: '<p>Hello</p>' },
  rev: { description: 'number of a revision', example: '0' },
  startRev: { description: 'number of the older revision', example: '0' },
  endRev: { description: 'number of the newer revision', example: '1' },
  roID: { description: 'read-only id of a pad', example: 'r.8bf9b1ee9ab4ba2c9bf07ef8a97c7ea5' },
  publicStatus: { description: 'true for a pad that is open to the public', example: 'true' },
  deletionToken: { description: 'the token that createPad gave; with the API key, none is needed' },
  sourceID: { description: 'id of a pad', example: 'g.s8oes9dhwrvt0zif$notes' },
  destinationID: { description: 'id of the copy', example: 'g.s8oes9dhwrvt0zif$copy' },
  force: { description: 'true to replace a pad that has the id of the copy', example: 'true' },
  msg: { description: 'message to those who edit the pad', example: 'reload' },
  start: { description: 'number of the first message', example: '0' },
  end: { description: 'number of the last message', example: '9' },
  time: { description: 'unix time in milliseconds; now by default', example: '1999999999000' },
  keepRevisions: { description: 'how many revisions to keep', example: '100' },
};

export const SESSION_INFO = {
  $id: 'SessionInfo',
  type: 'object',
  required: ['id', 'authorID', 'groupID', 'validUntil'],
  properties: {
    id: { type: 'string' },
    authorID: { type: 'string' },
    groupID: { type: 'string' },
    validUntil: { type: 'integer', format: 'int64', description: 'unix time in seconds' },
  },
};

export const USER_INFO = {
  $id: 'UserInfo',
  type: 'object',
  required: ['id', 'colorId', 'name', 'timestamp'],
  properties: {
    id: { type: 'string' },
    colorId: { type: 'string' },
    name: { type: 'string' },
    timestamp: { type: 'integer', format: 'int64', description: 'unix time in milliseconds' },
  },
};

export const MESSAGE = {
  $id: 'Message',
  type: 'object',
  required: ['text', 'userId', 'userName', 'time'],
  properties: {
    text: { type: 'string' },
    userId: { type: 'string', description: 'id of the author; empty without one' },
    userName: { type: 'string', description: 'name that the author has now; empty without one' },
    time: { type: 'integer', format: 'int64', description: 'unix time in milliseconds' },
  },
};

const POOL: Schema = {
  type: 'object',
  required: ['numToAttrib', 'attribToNum', 'nextNum'],
  properties: {
    numToAttrib: {
      type: 'object',
      description: 'name and value of each attribute, by its number',
      additionalProperties: { type: 'array', items: { type: 'string' } },
    },
    attribToNum: { type: 'object', description: 'number of each attribute, by `name,value`', additionalProperties: { type: 'integer' } },
    nextNum: { type: 'integer', description: 'number of the next attribute' },
  },
};

const DATA_PROPERTIES: Readonly<Record<DataKind, Schema>> = {
  string: { type: 'string' },
  strings: { type: 'array', items: { type: 'string' } },
  integer: { type: 'integer', format: 'int64' },
  integers: { type: 'array', items: { type: 'integer', format: 'int64' } },
  boolean: { type: 'boolean' },
  SessionInfo: { $ref: 'SessionInfo#' },
  SessionInfos: { type: 'array', items: { $ref: 'SessionInfo#' } },
  UserInfo: { $ref: 'UserInfo#' },
  UserInfos: { type: 'array', items: { $ref: 'UserInfo#' } },
  // null is no reference's to say: the newest message, where there may be none, is written out
  Message: { type: MESSAGE.type, required: MESSAGE.required, properties: MESSAGE.properties, nullable: true },
  Messages: { type: 'array', items: { $ref: 'Message#' } },
  Pool: POOL,
};

function dataSchema(shape: DataShape): Schema {
  if (shape === 'string') return { type: 'string' };
  if (shape === null) return { type: 'object', nullable: true };
  const properties = Object.fromEntries(Object.entries(shape).map(([name, kind]) => [name, DATA_PROPERTIES[kind]]));
  return { type: 'object', nullable: true, properties };
}

const envelopeSchema = (code: number, message: string, data: Schema): Schema => ({
  type: 'object',
  required: ['code', 'message', 'data'],
  properties: { code: { type: 'integer', example: code }, message: { type: 'string', example: message }, data },
});

/** What a function answers with, by HTTP status. */
export const responses = (row: EtherpadFunction): Schema => ({
  200: { description: 'ok (code 0)', ...envelopeSchema(0, 'ok', dataSchema(row.data)) },
  400: { description: 'generic api error (code 1)', ...envelopeSchema(1, 'groupID does not exist', dataSchema(null)) },
  401: { description: 'no or wrong API key (code 4)', ...envelopeSchema(4, 'no or wrong API Key', dataSchema(null)) },
  500: { description: 'internal api error (code 2)', ...envelopeSchema(2, 'internal error', dataSchema(null)) },
});
