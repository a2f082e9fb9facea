import { wrongParameters } from '../api-error.ts';

/** What a default Etherpad 3.3.1 answers where a setting is off that allows to destroy history. */
export function compactPad(): never {
  throw wrongParameters('compactPad requires cleanup.enabled = true in settings.json');
}

export function anonymizeAuthor(): never {
  throw wrongParameters(
    'anonymizeAuthor is disabled — set gdprAuthorErasure.enabled = true in settings.json to enable GDPR Art. 17 erasure',
  );
}
