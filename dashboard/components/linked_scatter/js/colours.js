// @ts-check
// Colours and shapes of points. Of categories, neighbours in size differ in both; numbers have a sequential scale, for a
// light or a dark background.

import { SHAPES } from "./shapes.js";

/** @import { ColourScale } from "./scene.js" */

/** @typedef {number[]} Rgb Red, green and blue, 0 to 255. */

/**
 * Colours and font of the page.
 *
 * @typedef {object} Theme
 * @property {string} background
 * @property {string} text
 * @property {string} accent
 * @property {string} font
 * @property {boolean} dark
 */

/** @typedef {{ colour: Rgb, shape: number }} Sign A point's colour, and its place in `SHAPES`. */

/** @type {Sign} */
export const UNKNOWN_SIGN = { colour: [140, 150, 152], shape: 0 };
// viridis (van der Walt and Smith 2015) at even steps: ordered by lightness, so readable by colour-blind eyes.
const VIRIDIS = [
  [68, 1, 84],
  [72, 40, 120],
  [62, 74, 137],
  [49, 104, 142],
  [38, 130, 142],
  [31, 158, 137],
  [53, 183, 121],
  [110, 206, 88],
  [181, 222, 43],
  [253, 231, 37],
];
// The part of viridis that has contrast with the background; high values contrast most.
const VIRIDIS_RANGE = { light: [0.86, 0.02], dark: [0.22, 1] };
// Those of charts in .streamlit/config.toml: told apart by colour-blind eyes, seen on light and on dark.
const CATEGORY_COLOURS = [
  "#12908a",
  "#e07b39",
  "#0044aa",
  "#33ccee",
  "#aa88ff",
  "#990011",
  "#ccbb88",
  "#997755",
  "#554477",
  "#882244",
].map(hexToRgb);

/**
 * @param {Element} element An element that has the custom properties of the component.
 * @returns {Theme}
 */
export function readTheme(element) {
  const style = getComputedStyle(element);
  const property = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const background = property("--background");
  return {
    background,
    text: property("--text"),
    accent: property("--accent"),
    font: style.fontFamily,
    dark: luma(background) < 128,
  };
}

/**
 * Lightness of a CSS colour, 0 to 255.
 *
 * @param {string} colour
 */
function luma(colour) {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return 255;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/**
 * Colour of a number on the sequential scale.
 *
 * @param {number} share 0 at the low end, 1 at the high end; clipped.
 * @param {boolean} dark
 * @returns {Rgb}
 */
export function sequentialColour(share, dark) {
  const [first, last] = dark ? VIRIDIS_RANGE.dark : VIRIDIS_RANGE.light;
  const position = (first + (last - first) * Math.min(1, Math.max(0, share))) * (VIRIDIS.length - 1);
  const left = Math.min(VIRIDIS.length - 2, Math.floor(position));
  const part = position - left;
  return VIRIDIS[left].map((value, channel) => Math.round(value + part * (VIRIDIS[left + 1][channel] - value)));
}

/**
 * The sign of each category, the largest first in the order of colours and shapes; small ones beyond these have none of
 * their own.
 *
 * @param {ColourScale} scale
 * @returns {Sign[]}
 */
export function categorySigns({ values, categories }) {
  const sizes = (categories ?? []).map(() => 0);
  for (const value of values) if (!Number.isNaN(value)) sizes[value] += 1;
  const largestFirst = [...sizes.keys()].sort((i, j) => sizes[j] - sizes[i]);
  /** @type {Sign[]} */
  const signs = [];
  largestFirst.forEach((category, rank) => {
    const hasOwn = rank < CATEGORY_COLOURS.length * SHAPES.length;
    signs[category] = hasOwn
      ? { colour: CATEGORY_COLOURS[rank % CATEGORY_COLOURS.length], shape: rank % SHAPES.length }
      : UNKNOWN_SIGN;
  });
  return signs;
}

/**
 * @param {string} text As #rrggbb.
 * @returns {Rgb}
 */
function hexToRgb(text) {
  return [1, 3, 5].map((start) => parseInt(text.slice(start, start + 2), 16));
}

/** @param {Rgb} rgb */
export function cssColour(rgb) {
  return `rgb(${rgb.join(",")})`;
}

/**
 * One colour and shape per class.
 *
 * @param {ColourScale} scale
 * @param {boolean} dark
 * @returns {Sign[]}
 */
export function classSigns(scale, dark) {
  const { values, categories, low, high } = scale;
  const range = high - low || 1;
  const signs = categories && categorySigns(scale);
  return Array.from(values, (value) => {
    if (Number.isNaN(value)) return UNKNOWN_SIGN;
    return signs ? signs[value] : { colour: sequentialColour((value - low) / range, dark), shape: 0 };
  });
}
