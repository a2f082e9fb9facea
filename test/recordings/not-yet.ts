/** Recorded answers that the mock does not give yet. These lists only become shorter, and then go. */
const SEQUENCES: Readonly<Record<string, string>> = {
  'text to html': 'getHTML',
  'html first': 'setHTML',
  'html second': 'setHTML',
  'html round': 'setHTML',
  diff: 'createDiffHTML',
  'program pa': 'setHTML on its way',
  'program pb': 'setHTML on its way',
  'openapi documents': 'the served documents of real servers',
};

/** Answers after a setHTML in sequences that are about something else. */
const LABELS: Readonly<Record<string, RegExp>> = {
  revisions: /^(count|(lines|html) restored (revisions|pool)|text 12)$/,
  'copy and move': /^(nh2|mv|dst text$|still there$)/,
  'api 2 json': /^text after$/,
};

const HTML_CALL = /getHTML|setHTML|createDiffHTML|\/pads\/(html|diff)\b/;

/** Whether the mock does not give an answer yet. @param request method and path */
export const isNotYet = (sequence: string, label: string, request: string): boolean =>
  sequence in SEQUENCES || HTML_CALL.test(request) || LABELS[sequence]?.test(label) === true;
