/** Keeps the page as its reader would see it now: the server sends `<main>` again whenever it changes. */
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
function show(next: Element): void {
  const parts = [...next.children];
  for (const part of parts) {
    const shown = document.getElementById(part.id);
    if (shown !== null) become(shown, part);
  }
  // last: a test that waits for an attribute then finds all the rest
  for (const { name, value } of next.attributes) main?.setAttribute(name, value);
}

const { events } = main?.dataset ?? {};
if (events !== undefined && connection !== null) {
  const stream = new EventSource(events + location.search);
  stream.addEventListener('page', ({ data }) => {
    const next = new DOMParser().parseFromString(JSON.parse(data as string) as string, 'text/html').querySelector('main');
    if (next !== null) show(next);
  });
  stream.addEventListener('open', () => {
    connection.textContent = '';
  });
  stream.addEventListener('error', () => {
    connection.textContent =
      stream.readyState === EventSource.CLOSED
        ? 'This page no longer follows changes: reload it.'
        : 'The server does not answer: trying again.';
  });
}
