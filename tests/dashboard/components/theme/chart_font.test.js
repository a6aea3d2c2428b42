// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { READABLE, fontRules, writeIntoCharts } from "#theme/chart_font.js";

const UPRIGHT = '@font-face { font-family: "Page Sans"; font-weight: 100 900; src: url("../media/upright.woff2"); }';
const ITALIC = '@font-face { font-family: "Page Sans"; font-style: italic; src: url("../media/italic.woff2"); }';
const OTHER = '@font-face { font-family: Other; src: url("../media/other.woff2"); }';

/** @type {any} */
const SHEETS = [
  {
    href: "http://here/static/css/index.css",
    cssRules: ["body { margin: 0; }", OTHER, ITALIC, UPRIGHT].map((cssText) => ({ cssText })),
  },
];

test("the page's upright font is written in place of its address", async () => {
  /** @type {string[]} */
  const asked = [];
  const read = async (/** @type {string} */ address) => `data:${asked.push(address)}`;
  const rules = await fontRules('"Page Sans", sans-serif', SHEETS, read);
  assert.equal(rules, UPRIGHT.replace("../media/upright.woff2", "data:1"));
  assert.deepEqual(asked, ["http://here/static/media/upright.woff2"]);
  assert.equal(await fontRules("sans-serif", SHEETS, read), "");
});

test("charts begin with the rules, the look of letters and the background, and nothing else is changed", () => {
  const created = () => {
    const made = /** @type {any} */ ({ textContent: "" });
    made.setAttribute = (/** @type {string} */ name, /** @type {string} */ value) =>
      (made.textContent += `${name}=${value} `);
    return made;
  };
  const element = (/** @type {string} */ name) => ({
    classList: { contains: (/** @type {string} */ wanted) => wanted === name },
    ownerDocument: { createElementNS: created },
    children: ["drawing"],
    prepend(/** @type {any[]} */ ...added) {
      this.children.unshift(...added.map((child) => child.textContent));
    },
  });
  const serializer = { serializeToString: (/** @type {any} */ root) => root.children.join() };
  let [rules, background, letters, font] = ["", "white", "black", "serif"];
  writeIntoCharts(
    serializer,
    () => rules,
    () => ({ background, letters, font }),
  );
  [rules, background, letters, font] = ["@font-face", "black", "white", "Page Sans"]; // all are asked for when a chart is saved
  const written = (/** @type {any} */ root) => serializer.serializeToString(root);
  const text = "svg { color: white; }\ntext { font-family: Page Sans !important; }";
  const style = `@font-face\n${text}\n${READABLE}`;
  assert.equal(written(element("main-svg")), `${style},width=100% height=100% fill=black ,drawing`);
  assert.equal(written(element("diagram")), "drawing");
  assert.equal(written({ children: ["text"] }), "text");
});
