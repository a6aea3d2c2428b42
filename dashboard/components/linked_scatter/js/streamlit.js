// @ts-check
// Entry point of the Streamlit component.

import { LinkedScatter } from "./linked_scatter.js";

/** @import { SentData } from "./scene.js" */

/** @type {WeakMap<Element, LinkedScatter>} By host element. */
const mounted = new WeakMap();

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
  const scatter = mounted.get(parentElement) ?? new LinkedScatter(parentElement, data.key);
  mounted.set(parentElement, scatter);
  scatter.reportSelection = (selection) => setStateValue("selection", selection);
  scatter.update(data);
  return () => {
    scatter.release();
    mounted.delete(parentElement);
  };
}
