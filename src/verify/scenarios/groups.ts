import { either, type Expectation, info, listWith, listWithout, noSessionsYet, ok, refused, sessionList } from '../expectation.ts';
import { form, get, KEY, post } from '../request.ts';
import type { Subject } from '../scenario.ts';

const noSession = refused('sessionID does not exist');
const noGroup = refused('groupID does not exist');

/** What deleteGroup says of a group of which a session was deleted before. */
const afterDeletedSession = either(({ deletedSessionsStayAsNull }) => deletedSessionsStayAsNull, noSession, ok(null));

/** listAllGroups, once a group is deleted. */
const groupsAfterDeleting = (groupID: string): Expectation =>
  either(({ deletedGroupsLinger }) => deletedGroupsLinger, ok({ groupIDs: listWith(groupID) }), ok({ groupIDs: listWithout(groupID) }));

export const groups: Subject = {
  name: 'groups',
  scenarios: [
    {
      title: 'createGroup gives an id of "g." and 16 letters or digits, another each time',
      run: async (steps) => {
        const [first, second] = [await steps.group(), await steps.group()];
        await steps.expects(get('listAllGroups'), ok({ groupIDs: listWith(first, second) }));
        if (first === second) await steps.expects(get('listPads', { groupID: second }), noGroup);
      },
    },
    {
      title: 'createGroup does not look at parameters',
      run: async (steps) => {
        const mapper = steps.unique('mapper');
        const groupID = await steps.gives(get('createGroup', { groupMapper: mapper, groupID: 'g.mine' }), 'groupID');
        await steps.expects(get('listPads', { groupID }), ok({ padIDs: [] }));
        await steps.expects(get('listPads', { groupID: 'g.mine' }), noGroup);
      },
    },
    {
      title: 'createGroupIfNotExistsFor gives the same group for the same mapper',
      run: async (steps) => {
        const groupMapper = steps.unique('mapper');
        const groupID = await steps.gives(get('createGroupIfNotExistsFor', { groupMapper }), 'groupID');
        await steps.expects(get('createGroupIfNotExistsFor', { groupMapper }), ok({ groupID }));
        await steps.expects(post('createGroupIfNotExistsFor', form({ apikey: KEY, groupMapper })), ok({ groupID }));
      },
    },
    {
      title: 'a groupMapper in another letter case, or with a space, is a different mapper',
      run: async (steps) => {
        const mapper = steps.unique('mapper');
        const groupID = await steps.gives(get('createGroupIfNotExistsFor', { groupMapper: mapper }), 'groupID');
        const upper = await steps.gives(get('createGroupIfNotExistsFor', { groupMapper: `${mapper.slice(0, -1)}R` }), 'groupID');
        const spaced = await steps.gives(get('createGroupIfNotExistsFor', { groupMapper: `${mapper} ` }), 'groupID');
        await steps.expects(get('deleteGroup', { groupID: upper }), ok(null));
        await steps.expects(get('deleteGroup', { groupID: spaced }), ok(null));
        await steps.expects(get('createGroupIfNotExistsFor', { groupMapper: mapper }), ok({ groupID }));
      },
    },
    {
      title: 'a groupMapper may be of any script',
      run: async (steps) => {
        const groupMapper = `${steps.unique('日本 ☃ é')}:*`;
        const groupID = await steps.gives(get('createGroupIfNotExistsFor', { groupMapper }), 'groupID');
        await steps.expects(post('createGroupIfNotExistsFor', form({ apikey: KEY, groupMapper })), ok({ groupID }));
      },
    },
    {
      title: 'a groupMapper that is missing or repeated is refused',
      run: async (steps) => {
        const [one, other] = [steps.unique('one'), steps.unique('other')];
        await steps.expects(get('createGroupIfNotExistsFor'), refused('groupMapper is not a string'));
        await steps.expects(get('createGroupIfNotExistsFor', { groupMapper: [one, other] }), refused('groupMapper is not a string'));
      },
    },
    {
      title: 'listAllGroups lists the groups of this run, among others',
      run: async (steps) => {
        const mapped = await steps.gives(get('createGroupIfNotExistsFor', { groupMapper: steps.unique('mapper') }), 'groupID');
        await steps.expects(get('listAllGroups'), ok({ groupIDs: listWith(await steps.group(), mapped) }));
      },
    },
    {
      title: "deleteGroup deletes the group's sessions",
      run: async (steps) => {
        const first = await steps.session();
        const second = await steps.session(first);
        await steps.expects(get('deleteGroup', { groupID: first.groupID }), ok(null));
        await steps.expects(get('getSessionInfo', { sessionID: first.sessionID }), noSession);
        await steps.expects(get('getSessionInfo', { sessionID: second.sessionID }), noSession);
        await steps.expects(get('deleteSession', { sessionID: first.sessionID }), noSession);
      },
    },
    {
      title: 'deleteGroup leaves the sessions of other groups',
      run: async (steps) => {
        const [gone, kept] = [await steps.session(), await steps.session()];
        await steps.expects(get('deleteGroup', { groupID: gone.groupID }), ok(null));
        await steps.expects(get('getSessionInfo', { sessionID: kept.sessionID }), info(kept));
      },
    },
    {
      title: 'the sessions of a deleted group are listed no more for their author',
      when: ({ deletedSessionsStayAsNull }) => !deletedSessionsStayAsNull,
      run: async (steps) => {
        const authorID = await steps.author();
        const { groupID, sessionID } = await steps.session({ authorID });
        const kept = await steps.session({ authorID });
        await steps.expects(get('deleteGroup', { groupID }), ok(null));
        await steps.expects(get('listSessionsOfAuthor', { authorID }), sessionList(sessionID, kept));
        await steps.expects(get('deleteGroup', { groupID: kept.groupID }), ok(null));
        await steps.expects(get('listSessionsOfAuthor', { authorID }), sessionList(sessionID, kept.sessionID));
      },
    },
    {
      title: 'the sessions of a deleted group stay in the list of their author as null',
      when: ({ deletedSessionsStayAsNull }) => deletedSessionsStayAsNull,
      run: async (steps) => {
        const authorID = await steps.author();
        const first = await steps.session({ authorID });
        const second = await steps.session(first);
        await steps.expects(get('deleteGroup', { groupID: first.groupID }), ok(null));
        await steps.expects(get('listSessionsOfAuthor', { authorID }), sessionList(first.sessionID, second.sessionID));
      },
    },
    {
      title: "deleteGroup deletes the group's pads",
      run: async (steps) => {
        const groupID = await steps.group();
        const padID = await steps.pad(groupID, 'notes');
        await steps.expects(get('deleteGroup', { groupID }), ok(null));
        await steps.expects(get('getText', { padID }), refused('padID does not exist'));
        await steps.expects(get('listPads', { groupID }), noGroup);
      },
    },
    {
      title: 'nothing can be made in a deleted group',
      run: async (steps) => {
        const groupID = await steps.group();
        await steps.expects(get('deleteGroup', { groupID }), ok(null));
        await steps.expects(get('createGroupPad', { groupID, padName: 'notes' }), noGroup);
        await steps.expects(
          get('createSession', { groupID, authorID: await steps.anyAuthor(), validUntil: String(steps.now() + 3600) }),
          noGroup,
        );
        await steps.expects(get('listSessionsOfGroup', { groupID }), noGroup);
      },
    },
    {
      title: 'deleteGroup refuses a group that is deleted, unknown, missing or empty',
      run: async (steps) => {
        const groupID = await steps.group();
        await steps.expects(get('deleteGroup', { groupID }), ok(null));
        await steps.expects(get('deleteGroup', { groupID }), noGroup);
        await steps.expects(get('deleteGroup', { groupID: 'g.unknown' }), noGroup);
        await steps.expects(get('deleteGroup'), noGroup);
        await steps.expects(get('deleteGroup', { groupID: '' }), noGroup);
      },
    },
    {
      title: 'deleteGroup frees its mapper: the same one then gives another group',
      run: async (steps) => {
        const groupMapper = steps.unique('mapper');
        const deleted = await steps.gives(get('createGroupIfNotExistsFor', { groupMapper }), 'groupID');
        await steps.expects(get('deleteGroup', { groupID: deleted }), ok(null));
        const groupID = await steps.gives(get('createGroupIfNotExistsFor', { groupMapper }), 'groupID');
        await steps.expects(get('listSessionsOfGroup', { groupID }), noSessionsYet);
        await steps.expects(get('listSessionsOfGroup', { groupID: deleted }), noGroup);
      },
    },
    {
      title: 'deleteGroup works when a session of the group was deleted before',
      when: ({ deletedSessionsStayAsNull }) => !deletedSessionsStayAsNull,
      run: async (steps) => {
        const { groupID, sessionID } = await steps.session();
        await steps.expects(get('deleteSession', { sessionID }), ok(null));
        await steps.expects(get('deleteGroup', { groupID }), afterDeletedSession);
        await steps.expects(get('listSessionsOfGroup', { groupID }), noGroup);
      },
    },
    {
      title: 'deleteGroup fails when a session of the group was deleted before: sessions and pads go, the group stays',
      when: ({ deletedSessionsStayAsNull }) => deletedSessionsStayAsNull,
      run: async (steps) => {
        const deleted = await steps.session();
        const living = await steps.session(deleted);
        const { groupID } = deleted;
        const padID = await steps.pad(groupID, 'notes');
        await steps.expects(get('deleteSession', { sessionID: deleted.sessionID }), ok(null));
        await steps.expects(get('deleteGroup', { groupID }), afterDeletedSession);
        await steps.expects(get('getSessionInfo', { sessionID: living.sessionID }), noSession);
        await steps.expects(get('getText', { padID }), refused('padID does not exist'));
        const later = await steps.session({ groupID });
        await steps.expects(get('listSessionsOfGroup', { groupID }), sessionList(deleted.sessionID, living.sessionID, later));
      },
    },
    {
      title: 'a deleted group leaves listAllGroups',
      when: ({ deletedGroupsLinger }) => !deletedGroupsLinger,
      run: async (steps) => {
        const groupID = await steps.group();
        await steps.expects(get('deleteGroup', { groupID }), ok(null));
        await steps.expects(get('listAllGroups'), groupsAfterDeleting(groupID));
      },
    },
    {
      title: 'a deleted group still shows in listAllGroups',
      when: ({ deletedGroupsLinger }) => deletedGroupsLinger,
      run: async (steps) => {
        const groupID = await steps.group();
        await steps.expects(get('deleteGroup', { groupID }), ok(null));
        await steps.expects(get('listAllGroups'), groupsAfterDeleting(groupID));
      },
    },
  ],
};
