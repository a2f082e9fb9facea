import type { Behaviour } from '../../etherpad/emulation.ts';
import { either, type Expectation, ok, refused } from '../expectation.ts';
import { html, noPad, revisions, text } from '../pad-expectations.ts';
import { form, get, KEY, post } from '../request.ts';
import type { Scenario, Subject } from '../scenario.ts';

const setHTML = (padID: string, given: string) => post('setHTML', form({ apikey: KEY, padID, html: given }));

/** HTML that goes in, and what then comes out as HTML and as text; a line feed stays at the end. */
interface Sample {
  readonly given: string;
  readonly body: string | Expectation;
  readonly told: string;
}

const samples = (title: string, ...all: readonly Sample[]): Scenario => ({
  title,
  run: async (steps) => {
    const padID = await steps.ownPad();
    for (const { given, body, told } of all) {
      // oxlint-disable no-await-in-loop -- one after the other: the server is somebody's
      await steps.expects(setHTML(padID, given), ok(null));
      await steps.expects(get('getHTML', { padID }), typeof body === 'string' ? html(body) : body);
      await steps.expects(get('getText', { padID }), text(told));
      // oxlint-enable no-await-in-loop
    }
  },
});

const indented = (style: string): string => `<ul class="indent"${style}><li>a</ul><br>`;

const isBullet = ({ bareListItem }: Behaviour): boolean => bareListItem === 'bullet';

export const padHtml: Subject = {
  name: "pads' HTML",
  scenarios: [
    {
      title: 'getHTML escapes text, keeps its spaces and links its addresses',
      run: async (steps) => {
        const padID = await steps.ownPad('a <b> & "c"\n  two  spaces \n\nlast');
        await steps.expects(
          get('getHTML', { padID }),
          html('a &lt;b&gt; &amp; &quot;c&quot;<br>&nbsp; two&nbsp; spaces&nbsp;<br><br>last<br>'),
        );
        await steps.expects(get('setText', { padID, text: 'see http://example.org/' }), ok(null));
        const link =
          '<a href="http&#x3a;&#x2F;&#x2F;example&#x2e;org&#x2F;" rel="noreferrer noopener">http:&#x2F;&#x2F;example.org&#x2F;</a>';
        await steps.expects(get('getHTML', { padID }), html(`see ${link}<br>`));
      },
    },
    samples(
      'setHTML reads lines and paragraphs, and leaves one line feed more at the end',
      { given: 'just text', body: 'just text<br><br>', told: 'just text\n\n' },
      { given: '<p>one</p><p>two</p>', body: 'one<br>two<br><br>', told: 'one\ntwo\n\n' },
      { given: '<h1>a</h1><div>b<br>c</div>', body: 'a<br>b<br>c<br><br>', told: 'a\nb\nc\n\n' },
      { given: '  a   b  ', body: 'a b<br><br>', told: 'a b\n\n' },
      { given: '<script>x</script>y', body: 'y<br><br>', told: 'y\n\n' },
    ),
    samples(
      'setHTML reads formats and entities, and getHTML writes them',
      {
        given: '<b>a</b> <i>b</i> <u>c</u> <s>d</s> &lt;&amp;&gt;',
        body: '<strong>a</strong> <em>b</em> <u>c</u> <s>d</s> &lt;&amp;&gt;<br><br>',
        told: 'a b c d <&>\n\n',
      },
      { given: '<b>a<i>b</b>c</i>', body: '<strong>a<em>b</em></strong><em>c</em><br><br>', told: 'abc\n\n' },
    ),
    samples(
      'setHTML reads lists within lists, which getHTML nests and getText indents',
      {
        given: '<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>',
        body: '<ul class="bullet"><li>a</li><li>b<ul class="bullet"><li>c</ul></li></ul><br>',
        told: '\t* a\n\t* b\n\t\t* c\n\n',
      },
      {
        given: '<ol><li>a</li><li>b</li></ol>',
        body: '<ol start="1" class="number"><li>a</li><li>b</ol><br>',
        told: '\t1. a\n\t2. b\n\n',
      },
      {
        given: '<ul class="indent"><li>a</li></ul>',
        body: (behaviour) => html(indented(behaviour.indentStyle))(behaviour),
        told: '\ta\n\n',
      },
    ),
    {
      title: 'an item of a list outside of any list becomes a bullet, or is refused as malformed',
      run: async (steps) => {
        const padID = await steps.ownPad('before');
        await steps.expects(setHTML(padID, '<li>a</li>'), either(isBullet, ok(null), refused('HTML is malformed')));
        await steps.expects(get('getText', { padID }), either(isBullet, text('\t* a\n\n'), text('before\n')));
      },
    },
    {
      title: 'setHTML makes two revisions, and each can be told',
      run: async (steps) => {
        const padID = await steps.ownPad('one');
        await steps.expects(setHTML(padID, '<b>two</b>'), ok(null));
        await steps.expects(get('getRevisionsCount', { padID }), revisions(2));
        await steps.expects(get('getText', { padID, rev: '1' }), text('\n'));
        await steps.expects(get('getHTML', { padID, rev: '2' }), html('<strong>two</strong><br><br>'));
      },
    },
    {
      title: 'setHTML and getHTML refuse what is missing, and a pad that is not there',
      run: async (steps) => {
        const padID = steps.unique('unknown');
        await steps.expects(get('setHTML', { padID }), refused('html is not a string'));
        await steps.expects(setHTML(padID, 'x'), noPad);
        await steps.expects(get('getHTML', { padID }), noPad);
      },
    },
  ],
};
