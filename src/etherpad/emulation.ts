/** Which Etherpad the mock answers as: the API as it is documented, or a real server's version. */
export type Emulation = 'documented' | '1.9.7' | '2.5.3' | '3.3.1';

/** Every emulation, the default first, then the versions from old to new. */
export const EMULATIONS: readonly Emulation[] = ['documented', '1.9.7', '2.5.3', '3.3.1'];

/** How one Etherpad behaves, by name of the behaviour. The code asks for these and never for a version. */
export interface Behaviour {
  /** The newest API version, which `GET /api` tells. */
  currentVersion: '1.3.0' | '1.3.1';
  /** HTTP status of code 1. The document says 400; every real server answers 200. */
  wrongParametersStatus: 200 | 400;
  /** `bare` is `{groupID, authorID, validUntil}`; `documented` has these and the documented `info`. */
  sessionInfo: 'documented' | 'bare';
  /** `array` is the documented `{sessions: […]}`; `map` goes from sessionID to info and is null before the first session. */
  sessionList: 'array' | 'map';
  /** `documented` is `{info: {id, colorId, name, timestamp}}`; `bare` is the name itself. */
  authorName: 'documented' | 'bare';
  /** `documented` has whole numbers and text in a message, and the newest message as getChatHead; `bare` what was given, and its number. */
  chat: 'documented' | 'bare';
  /** Ids and names that came as a JSON array, number or object are stored and returned as they came. */
  keepsValuesAsGiven: boolean;
  /** Real servers never look at the clock again once a session is made. */
  keepsExpiredSessions: boolean;
  /** Deleted sessions stay in the lists as `"s.x": null`, and make deleteGroup fail. */
  deletedSessionsStayAsNull: boolean;
  /** Deleted groups still show in listAllGroups. */
  deletedGroupsLinger: boolean;
  /** createPad and createGroupPad give a deletionToken, and deletePad refuses a wrong one. */
  givesDeletionToken: boolean;
  /** No-break spaces stay as they are, in HTML as `&nbsp;`; they become spaces where not. */
  keepsNoBreakSpaces: boolean;
  /** Inserted characters carry an author's attribute, the system's where nobody is named. */
  insertsCarryAuthor: boolean;
  /** appendChatMessage makes a pad that does not exist. */
  chatMakesPads: boolean;
  /** Pads called `constructor` and the like cannot be edited or deleted without an error. */
  roomsAreObjects: boolean;
  /** setHTML: an item of a list outside of any list becomes a bullet, or Etherpad breaks down on it. */
  bareListItem: 'bullet' | 'malformed';
  /** getHTML: a numbered list begins with the number its item was given, or goes on where the last one stopped. */
  numberedListStart: 'own' | 'continued';
  /** getHTML: what the element of an indented list has beside its class. */
  indentStyle: string;
  /** createDiffHTML: with the authors of the revisions, without, or Etherpad breaks down in it. */
  diff: 'with authors' | 'without authors' | 'breaks down';
  /** What an unexpected exception inside a function is answered with, beside code 2 and HTTP 500. */
  internalErrorMessage: string;
  /** The same below `/api/2`, where real servers say what they meant. */
  internalErrorMessageBelow2: string;

  /** Parameters that may carry the API key, the first that is not empty wins. */
  apiKeyParameters: readonly string[];
  /** Whether a key in a JSON array counts; a bracketed query parameter does not where it does not. */
  apiKeyInArray: boolean;
  /** Headers that may carry it, after the parameters. */
  apiKeyHeaders: readonly string[];
  /** Whether `Authorization: Bearer <key>` counts as well as `Authorization: <key>`. */
  bearerKeys: boolean;
  /** Whether it has an OAuth server at `/oidc`, and can ask for its tokens instead of the API key. */
  oauth: boolean;
  /** Whether all request headers are parameters too, below query and body. */
  headersAreParameters: boolean;
  /** `simple` ignores brackets; `extended` reads `x[]=1` and `x[a]=1`. */
  query: 'simple' | 'extended';

  /**
   * Who reads a JSON body: `function` along with forms, when a function is called; `server` before anything else looks
   * at the request; `server, then nobody answers` for the version that then waits for a body that is gone.
   */
  jsonBody: 'function' | 'server' | 'server, then nobody answers';
  /** Whether a body that cannot be read is explained (HTTP 400, code 1) or answered as real servers do (HTTP 500). */
  explainsBadBodies: boolean;

  /** Functions at the root (`/createSession`), where the documented servers have them. */
  rootMount: boolean;
  /** What an unknown path or API version gets: an envelope with code 3, or Express's HTML page. */
  unknownPath: 'envelope' | 'html';
  /** `/api/2`: with code 3 or `{"code":1,"message":"not found"}` for what it does not have, or not there at all. */
  api2: 'envelope' | 'not found' | 'absent';
  /** The column of the function table that names the paths under `/rest`. */
  restPaths: 'rest' | 'restBefore3';
  /** Express's weak ETag, and 304 for a request that knows it. */
  etag: boolean;
  /** Whether a request that also tells a date (If-Modified-Since) gets the whole answer all the same. */
  staleByDate: boolean;
  /** How `OPTIONS /api` says what is allowed. */
  optionsOfApi: { type: string; allow: string };
  /** Methods in the served OpenAPI document. */
  openapiMethods: readonly ('get' | 'post')[];
  /** The version of OpenAPI that it is written in; the documented API has a document of the mock's own. */
  openapiVersion: '3.0.2' | '3.0.3';
  /** What it says of the API key, by the names of its security schemes. */
  openapiSecurity: 'ApiKey' | 'apiKey' | 'three apiKeys' | 'openid';
  /** The same in the document of `/api/2`. */
  openapiSecurityBelow2: 'ApiKey' | 'apiKey' | 'three apiKeys';
  /** Whether it has tags. */
  openapiTags: boolean;
  /** `/api-docs`, where that document has a page: at once, or behind a slash that is added. */
  apiDocs: 'page' | 'redirect';

  /** Formats that a server needs a converter for. */
  convertedExports: readonly string[];
  /** What a server without a converter says of these, with HTTP 200. */
  noConverterMessage: string;
  /** Formats that it writes itself beside txt, html and etherpad. */
  ownDocuments: readonly ('pdf' | 'docx')[];
  /** Whether `/p/{pad}/{rev}/export/etherpad` ends at the revision, or always gives all. */
  etherpadExportEndsAtRevision: boolean;
  /** A revision that is no number: the refusal as text, or Etherpad's answer to any error. */
  malformedExportRevision: 'refusal' | 'server error';
  /** `/p/{pad}/timeslider`: a page of its own, or the way back to the pad. */
  timeslider: 'page' | 'redirect';
  /** Whether the server gives a pad's page the cookie `token`, by which it knows guests again. */
  givesTokenCookie: boolean;
}

type Row<T> = readonly [documented: T, v1_9_7: T, v2_5_3: T, v3_3_1: T];

const PLAIN_OPTIONS = { type: 'text/plain', allow: 'GET, HEAD' };
const HTML_OPTIONS = { type: 'text/html; charset=utf-8', allow: 'GET,HEAD' };
const NOT_A_CONSTRUCTOR = 'createHTTPError.InternalError is not a constructor';
const NO_BULLETS = ' style="list-style-type: none;"';
const KEY_PARAMETERS = ['apikey', 'api_key'] as const;
const NOT_ENABLED = 'This export is not enabled at this Etherpad instance. Set the path to';
const NO_SOFFICE = `${NOT_ENABLED} soffice (LibreOffice) in settings.json to enable this feature`;
const NO_ABIWORD = `${NOT_ENABLED} Abiword or soffice (LibreOffice) in settings.json to enable this feature`;
const KEY_OR_AUTHORIZATION = ['apikey', 'api_key', 'authorization'] as const;

/** One row per behaviour, one column per emulation, in the order of EMULATIONS. Measured on the real servers. */
// oxfmt-ignore
const TABLE: { readonly [B in keyof Behaviour]: Row<Behaviour[B]> } = {
  //                          documented      1.9.7              2.5.3              3.3.1
  currentVersion:            ['1.3.1',        '1.3.0',           '1.3.0',           '1.3.1'],
  wrongParametersStatus:     [400,            200,               200,               200],
  sessionInfo:               ['documented',   'bare',            'bare',            'bare'],
  sessionList:               ['array',        'map',             'map',             'map'],
  authorName:                ['documented',   'bare',            'bare',            'bare'],
  chat:                      ['documented',   'bare',            'bare',            'bare'],
  keepsValuesAsGiven:        [false,          true,              true,              true],
  keepsExpiredSessions:      [false,          true,              true,              true],
  deletedSessionsStayAsNull: [false,          true,              false,             false],
  deletedGroupsLinger:       [false,          true,              false,             false],
  givesDeletionToken:        [true,           false,             false,             true],
  keepsNoBreakSpaces:        [true,           false,             false,             true],
  insertsCarryAuthor:        [true,           false,             false,             true],
  chatMakesPads:             [false,          true,              true,              false],
  roomsAreObjects:           [false,          true,              false,             false],
  bareListItem:              ['bullet',       'malformed',       'malformed',       'bullet'],
  numberedListStart:         ['continued',    'own',             'own',             'continued'],
  indentStyle:               [NO_BULLETS,     '',                '',                NO_BULLETS],
  diff:                      ['with authors', 'without authors', 'breaks down',     'with authors'],
  internalErrorMessage:      ['internal error', NOT_A_CONSTRUCTOR, NOT_A_CONSTRUCTOR, NOT_A_CONSTRUCTOR],
  internalErrorMessageBelow2: ['internal error', 'internal error', 'internal error', 'internal error'],

  apiKeyParameters:          [KEY_PARAMETERS, KEY_PARAMETERS,    KEY_OR_AUTHORIZATION, KEY_OR_AUTHORIZATION],
  apiKeyInArray:             [true,           false,             false,             true],
  apiKeyHeaders:             [KEY_OR_AUTHORIZATION, [],          [],                ['authorization']],
  bearerKeys:                [true,           false,             false,             false],
  oauth:                     [true,           false,             true,              true],
  headersAreParameters:      [false,          false,             true,              false],
  query:                     ['simple',       'extended',        'simple',          'simple'],

  jsonBody:                  ['function',     'function',        'server, then nobody answers', 'server'],
  explainsBadBodies:         [true,           false,             false,             false],

  rootMount:                 [true,           false,             false,             false],
  unknownPath:               ['envelope',     'html',            'html',            'html'],
  api2:                      ['envelope',     'absent',          'not found',       'not found'],
  restPaths:                 ['rest',         'restBefore3',     'restBefore3',     'rest'],
  etag:                      [false,          true,              true,              true],
  staleByDate:               [false,          true,              false,             false],
  optionsOfApi:              [PLAIN_OPTIONS,  HTML_OPTIONS,      PLAIN_OPTIONS,     PLAIN_OPTIONS],
  openapiMethods:            [['get', 'post'], ['get', 'post'],  ['get', 'post'],   ['post']],
  openapiVersion:            ['3.0.3',        '3.0.2',           '3.0.2',           '3.0.2'],
  openapiSecurity:           ['ApiKey',       'ApiKey',          'openid',          'three apiKeys'],
  openapiSecurityBelow2:     ['ApiKey',       'apiKey',          'apiKey',          'three apiKeys'],
  openapiTags:               [true,           false,             false,             true],
  apiDocs:                   ['page',         'page',            'redirect',        'page'],

  convertedExports:          [['odt', 'doc'], ['odt', 'pdf', 'doc'], ['odt', 'pdf', 'doc'], ['odt', 'doc']],
  noConverterMessage:        [NO_SOFFICE,     NO_ABIWORD,        NO_ABIWORD,        NO_SOFFICE],
  ownDocuments:              [['pdf', 'docx'], [],               [],                ['pdf', 'docx']],
  etherpadExportEndsAtRevision: [true,        false,             false,             true],
  malformedExportRevision:   ['refusal',      'server error',    'server error',    'refusal'],
  timeslider:                ['redirect',     'page',            'page',            'redirect'],
  givesTokenCookie:          [true,           false,             false,             true],
};

const column = (emulation: Emulation): Behaviour => {
  const index = EMULATIONS.indexOf(emulation);
  return Object.fromEntries(Object.entries(TABLE).map(([behaviour, row]) => [behaviour, row[index]])) as unknown as Behaviour;
};

const BEHAVIOURS = Object.fromEntries(EMULATIONS.map((emulation) => [emulation, column(emulation)])) as Record<Emulation, Behaviour>;

/** How an emulation behaves. */
export const behaviourOf = (emulation: Emulation): Behaviour => BEHAVIOURS[emulation];

type BeginningOf<Name> = Name extends `${infer Major}.${infer Minor}.${string}` ? Major | `${Major}.${Minor}` : never;

/** What names an emulation: the full name, or the beginning of a version, `2` or `2.5`. */
export type EmulationWord = Emulation | BeginningOf<Emulation>;

/**
 * The emulation that a user's word means: a full name, or the newest version that starts so.
 *
 * @returns undefined for a word that names none
 * @example findEmulation('2') // '2.5.3'
 */
export function findEmulation(word: string): Emulation | undefined {
  return EMULATIONS.findLast((name) => name === word || name.startsWith(`${word}.`));
}
