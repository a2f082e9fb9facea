/** How long the page waits before it asks again, in milliseconds: long enough to count as a page that has loaded. */
const REST = 700;

const main = document.querySelector<HTMLElement>('main');
const connection = document.querySelector<HTMLElement>('#connection');

/** Takes over the attributes and the content of another element. */
function become(shown: Element, next: Element): void {
  if (shown.isEqualNode(next)) return;
  for (const name of shown.getAttributeNames()) if (!next.hasAttribute(name)) shown.removeAttribute(name);
  for (const { name, value } of next.attributes) if (shown.getAttribute(name) !== value) shown.setAttribute(name, value);
  shown.replaceChildren(...next.childNodes);
}

/** Changes only the parts that changed, so that what is selected, focused or being read out elsewhere stays so. */
function show(text: string): void {
  const next = new DOMParser().parseFromString(text, 'text/html').querySelector('main');
  for (const part of next?.children ?? []) {
    const shown = document.getElementById(part.id);
    if (shown !== null) become(shown, part);
  }
  // last: a test that waits for an attribute then finds all the rest
  for (const { name, value } of next?.attributes ?? []) main?.setAttribute(name, value);
}

const rest = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, REST);
  });

/**
 * Keeps the page as its reader would see it now: connects once, which makes a pad that is not there as Etherpad's editor
 * does, and then asks again and again. It holds no connection: a browser has six of them for all pages of a server.
 */
async function follow(view: string, tell: (state: string) => void): Promise<void> {
  let known = '';
  for (let method = 'POST'; ;) {
    try {
      const answer = await fetch(view + location.search, { method, cache: 'no-cache' });
      if (!answer.ok) return tell('This page no longer follows changes: reload it.');
      const text = await answer.text();
      if (text !== known) show(text);
      known = text;
      method = 'GET';
      tell('');
    } catch {
      tell('The server does not answer: trying again.');
    }
    await rest();
  }
}

const view = main?.dataset['view'];
if (view !== undefined) {
  void follow(view, (state) => {
    if (connection !== null && connection.textContent !== state) connection.textContent = state;
  });
}
