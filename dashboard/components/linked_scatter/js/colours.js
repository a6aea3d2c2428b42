// @ts-check
// Colours of points: one hue per category, or a sequential scale for numbers, for a light or a dark background.

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

/** @type {Rgb} */
export const UNKNOWN_COLOUR = [140, 150, 152];
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
// Neighbouring hues differ in lightness as well.
const CATEGORY_LIGHTNESS = { light: [0.6, 0.47, 0.7], dark: [0.74, 0.63, 0.84] };
const MAX_CATEGORIES_OF_ONE_LIGHTNESS = 8;

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
 * Colour of category `i` of `n`: hues at even steps.
 *
 * @param {number} i
 * @param {number} n
 * @param {boolean} dark
 */
export function categoryColour(i, n, dark) {
  const third = n > MAX_CATEGORIES_OF_ONE_LIGHTNESS ? i % 3 : 0;
  const lightness = (dark ? CATEGORY_LIGHTNESS.dark : CATEGORY_LIGHTNESS.light)[third];
  return oklchToRgb(lightness, third === 2 ? 0.12 : 0.15, ((25 + (360 * i) / n) * Math.PI) / 180);
}

/**
 * OKLCH (Ottosson 2020) to sRGB, clipped.
 *
 * @param {number} lightness
 * @param {number} chroma
 * @param {number} hue In radians.
 * @returns {Rgb}
 */
export function oklchToRgb(lightness, chroma, hue) {
  const a = chroma * Math.cos(hue);
  const b = chroma * Math.sin(hue);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ].map((linear) => {
    const encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
    return Math.round(255 * Math.min(1, Math.max(0, encoded)));
  });
}

/** @param {Rgb} rgb */
export function cssColour(rgb) {
  return `rgb(${rgb.join(",")})`;
}

/**
 * One colour per class.
 *
 * @param {ColourScale} scale
 * @param {boolean} dark
 * @returns {Rgb[]}
 */
export function classColours({ values, categories, low, high }, dark) {
  const range = high - low || 1;
  return Array.from(values, (value) => {
    if (Number.isNaN(value)) return UNKNOWN_COLOUR;
    return categories ? categoryColour(value, categories.length, dark) : sequentialColour((value - low) / range, dark);
  });
}
