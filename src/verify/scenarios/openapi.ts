import type { Behaviour } from '../../etherpad/emulation.ts';
import { type Expectation, Pattern } from '../expectation.ts';
import { get } from '../request.ts';
import type { Subject } from '../scenario.ts';

const NO_QUERY = '';

type Document = { openapi?: string; info?: { version?: string }; paths?: Record<string, Record<string, unknown> | undefined> };

const METHODS = ['get', 'post', 'put', 'delete'];

/**
 * An OpenAPI document which has the path, by the methods that this Etherpad publishes. Real servers tell their own version
 * in it, whichever is asked for.
 */
const documentOf =
  (path: string, given?: string): Expectation =>
  ({ openapiMethods, openapiVersion, currentVersion }: Behaviour) => {
    const version = given === undefined || openapiVersion === '3.0.2' ? currentVersion : given;
    return {
      status: 200,
      type: 'application/json',
      headers: { 'access-control-allow-origin': '*' },
      json: new Pattern(`an OpenAPI 3 document of version ${version} with ${openapiMethods.join(' and ')} of ${path}`, (value) => {
        const { openapi, info, paths } = (value ?? {}) as Document;
        const methods = METHODS.filter((method) => paths?.[path]?.[method] !== undefined);
        return openapi === openapiVersion && info?.version === version && methods.join() === openapiMethods.join();
      }),
    };
  };

export const openapi: Subject = {
  name: 'OpenAPI documents',
  scenarios: [
    {
      title: '/api/openapi.json describes the current version to anybody',
      run: async (steps) => {
        await steps.expects(get('/api/openapi.json', NO_QUERY), documentOf('/createSession'));
      },
    },
    {
      title: '/api/{version}/openapi.json describes that version',
      run: async (steps) => {
        await steps.expects(get('/api/1.2.15/openapi.json', NO_QUERY), documentOf('/createSession', '1.2.15'));
      },
    },
    {
      title: '/rest/openapi.json describes the paths of /rest',
      run: async (steps) => {
        await steps.expects(get('/rest/openapi.json', NO_QUERY), documentOf('/session/create'));
        await steps.expects(get('/rest/1.2.15/openapi.json', NO_QUERY), documentOf('/session/create', '1.2.15'));
      },
    },
  ],
};
