// @ts-check
// Axes that a visitor chose: a line where each coordinate is 0, and labels at its ends.

import { shortenLabel } from "./labels.js";

/** @import { Theme } from "./colours.js" */
/** @import { Box } from "./labels.js" */
/** @import { Pane } from "./pane.js" */
/** @import { PaneDescription } from "./scene.js" */

const EDGE = 6; // between a word and the edge of the pane, in CSS pixels
const HALF_LINE = 8;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Pane} pane
 * @param {PaneDescription} description
 * @param {{ origin: Float32Array, theme: Theme, occupied: Box[] }} options
 */
export function drawAxes(context, pane, { axes }, { origin, theme, occupied }) {
  const { width, height } = pane;
  const [x, y] = pane.project(origin);
  context.strokeStyle = theme.text;
  context.lineWidth = 1;
  context.globalAlpha = 0.35;
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(width, y);
  context.moveTo(x, 0);
  context.lineTo(x, height);
  context.stroke();
  context.globalAlpha = 1;
  context.font = `600 12px ${theme.font}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  const line = Math.min(Math.max(y - HALF_LINE - 2, HALF_LINE), height - HALF_LINE);
  axes.forEach((word, i) => {
    const text = `${["\u2190 ", "", "\u2193 ", "\u2191 "][i]}${shortenLabel(word)}${i === 1 ? " \u2192" : ""}`;
    const size = context.measureText(text).width;
    const column = Math.min(Math.max(x + EDGE, EDGE), width - size - EDGE);
    const left = [EDGE, width - size - EDGE, column, column][i];
    const middle = [line, line, height - HALF_LINE - 2, HALF_LINE + 2][i];
    context.lineWidth = 4;
    context.strokeStyle = theme.background;
    context.strokeText(text, left, middle);
    context.fillStyle = theme.text;
    context.fillText(text, left, middle);
    occupied.push([left - 2, middle - HALF_LINE, left + size + 2, middle + HALF_LINE]);
  });
}
