// @ts-check
// Entry point of the exported page: the linked scatter, and a table of the selected classes beneath it.

import { createElement } from "./dom.js";
import { LinkedScatter } from "./linked_scatter.js";
import { formatNumber, valueRange } from "./numbers.js";

/** @import { Scene, SentData } from "./scene.js" */

/**
 * @param {Scene} scene
 * @param {number[]} rows
 */
function selectedTable({ names, groups, colour, details }, rows) {
  const caption = createElement("caption", { textContent: rows.length ? "Selected classes" : "Nothing is selected." });
  if (!rows.length) return [caption];
  const values = colour.categories ? {} : { [colour.title]: Array.from(colour.values) };
  const columns = { Class: names, ...(groups.some(Boolean) && { Group: groups }), ...values, ...details };
  const ranges = Object.values(columns).map(valueRange);
  const body = rows.map((row) =>
    tableRow(
      "td",
      Object.values(columns).map((column, i) => formatNumber(column[row], ranges[i])),
    ),
  );
  const head = createElement("thead", {}, tableRow("th", Object.keys(columns)));
  return [caption, head, createElement("tbody", {}, ...body)];
}

/**
 * @param {"td" | "th"} tag
 * @param {string[]} texts
 */
function tableRow(tag, texts) {
  return createElement("tr", {}, ...texts.map((textContent) => createElement(tag, { textContent })));
}

/** @param {string} id */
function elementById(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no element ${id}.`);
  return element;
}

/** @type {SentData} */
const data = JSON.parse(elementById("data").textContent);
const scatter = new LinkedScatter(elementById("scatter"), data.key);
scatter.update(data);
scatter.reportSelection = ({ selected }) =>
  elementById("selected").replaceChildren(...selectedTable(scatter.scene, selected));
scatter.reportSelection({ ...data.selection, reportedAt: 0 });
