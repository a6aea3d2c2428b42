// Entries of the browser's history, by which Back leads to pages and places.

/** Milliseconds after which a visitor is taken to have stayed at an address. */
const STAYED_MS = 3000;

/**
 * One entry of the browser's history per page, with the address that the page had when it was left, and one for each
 * place within a page at which the visitor stayed. Other choices change the address of the entry that is there.
 *
 * Streamlit's widgets replace the address: the first letter of a new sentence makes an entry, which the others change.
 * Its server adds an entry, also one without the choices of the page that is left before it goes to the next: Back
 * would lead there.
 *
 * @param {{ pushState: History["pushState"], replaceState: History["replaceState"] }} history
 * @param {{ href: string }} location
 * @param {() => number} now milliseconds
 * @param {string[]} places query parameters of what Back leads to within a page, such as a tab
 */
export function keepEntriesForPlaces(history, location, now, places) {
  const push = history.pushState.bind(history);
  const replace = history.replaceState.bind(history);
  let since = -Infinity; // the address is as it is now
  let before = ""; // what it was, if the server has changed it since, once or several times on end

  /** @type {(isPlace: (place: string, to: URL) => boolean) => History["pushState"]} */
  const withinPage = (isPlace) => (state, title, url) => {
    const from = new URL(location.href);
    const to = new URL(url ?? "", from);
    const differs = (/** @type {string} */ place) => from.searchParams.get(place) !== to.searchParams.get(place);
    const isOther = places.some((place) => differs(place) && isPlace(place, to));
    const write = isOther && now() - since >= STAYED_MS ? push : replace;
    if (to.href !== from.href) since = now();
    write(state, title, url);
  };
  const byServer = withinPage((place, to) => to.searchParams.has(place)); // without it, the page may be left
  const byVisitor = withinPage(() => true);

  history.replaceState = (state, title, url) => {
    before = "";
    byVisitor(state, title, url);
  };
  history.pushState = (state, title, url) => {
    const { href, pathname } = new URL(location.href);
    const to = new URL(url ?? "", href);
    const goesOn = before && now() - since < STAYED_MS && new URL(before).pathname === pathname;
    if (to.pathname === pathname) {
      if (!goesOn) before = href;
      return byServer(state, title, url);
    }
    if (goesOn) replace(state, title, before);
    since = -Infinity;
    push(state, title, withoutRepeats(to));
  };
}

/**
 * An address in which no parameter stands twice with one value: Streamlit adds those of the sidebar to a link's own.
 *
 * @param {URL} url
 */
function withoutRepeats(url) {
  const once = new Map([...url.searchParams].map((pair) => [JSON.stringify(pair), pair]));
  if (once.size < url.searchParams.size) url.search = new URLSearchParams([...once.values()]).toString();
  return url.href;
}
