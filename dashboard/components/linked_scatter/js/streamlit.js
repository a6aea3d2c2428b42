// @ts-check
// Entry point of the Streamlit component.

import { LinkedScatter } from "./linked_scatter.js";
import { viewOf, withView } from "./view_address.js";

/** @import { SentData } from "./scene.js" */
/** @import { View } from "./view_address.js" */

const WAIT_MILLISECONDS = 300; // after the last movement of a camera

/** @type {WeakMap<Element, LinkedScatter>} By host element. */
const mounted = new WeakMap();

/** @type {ReturnType<typeof setTimeout> | undefined} Of the one scatter on a page. */
let timer;

/** @param {View} [view] */
function writeAddress(view) {
  const query = withView(location.search, view);
  if (query !== withView(location.search, viewOf(location.search))) {
    history.replaceState({}, "", query ? `?${query}` : location.pathname);
  }
}

/**
 * Called by Streamlit whenever the data change.
 *
 * @param {object} component
 * @param {SentData} component.data
 * @param {Element} component.parentElement
 * @param {(name: string, value: unknown) => void} component.setStateValue
 * @returns {() => void} Called when the component is taken off the page.
 */
export default function renderLinkedScatter({ data, parentElement, setStateValue }) {
  const scatter = mounted.get(parentElement) ?? new LinkedScatter(parentElement, data.key, viewOf(location.search));
  mounted.set(parentElement, scatter);
  scatter.onViewChange = () => {
    clearTimeout(timer);
    timer = setTimeout(() => writeAddress(scatter.view), WAIT_MILLISECONDS);
  };
  scatter.copyLink = () => {
    writeAddress(scatter.view);
    return navigator.clipboard.writeText(location.href);
  };
  scatter.reportSelection = (selection) => setStateValue("selection", selection);
  scatter.update(data);
  scatter.onViewChange(); // the script's own changes of the address know nothing of the view
  return () => {
    clearTimeout(timer);
    scatter.onViewChange = () => {};
    writeAddress();
    scatter.release();
    mounted.delete(parentElement);
  };
}
