/** Milliseconds after which a page that took its choices out of the address is taken to have been meant to. */
const LEAVING_MS = 3000;

/**
 * One entry of the browser's history per page, with the address that the page had when it was left.
 *
 * Streamlit takes the choices of the page that is left out of its address before it goes to the next, as an entry of
 * its own: Back would lead there, to the page without its choices.
 *
 * @param {{ pushState: History["pushState"], replaceState: History["replaceState"] }} history
 * @param {{ href: string }} location
 * @param {() => number} now milliseconds
 */
export function keepOneEntryPerPage(history, location, now) {
  const push = history.pushState.bind(history);
  let before = "";
  let since = -Infinity;
  history.pushState = (state, title, url) => {
    const to = new URL(url ?? "", location.href);
    if (to.pathname === new URL(location.href).pathname) {
      before = location.href;
      since = now();
      history.replaceState(state, title, url);
      return;
    }
    const isLeft = now() - since < LEAVING_MS && new URL(before).pathname === new URL(location.href).pathname;
    if (isLeft) history.replaceState(state, title, before);
    since = -Infinity;
    push(state, title, url);
  };
}
