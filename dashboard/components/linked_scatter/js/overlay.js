// @ts-check
// The overlay above the points: lines, rings, labels, pins, and the outline of a box or lasso.

import { drawAxes } from "./axes.js";
import { cssColour } from "./colours.js";
import { drawContours } from "./contours.js";
import { placeLabel, shortenLabel } from "./labels.js";
import { drawNames } from "./names.js";
import { neighboursOf } from "./scene.js";

/** @import { Theme } from "./colours.js" */
/** @import { PixelPosition } from "./hit_testing.js" */
/** @import { Box } from "./labels.js" */
/** @import { LinkedScatter } from "./linked_scatter.js" */
/** @import { Pane } from "./pane.js" */
/** @import { Pin } from "./scene.js" */

/** @typedef {{ row: number, from: number[], to: number[], alpha: number }} Line */

export const MAX_LABELLED_CLASSES = 12; // of a larger selection no class is ringed and named
const MAX_LINES = 400;
const PIN_RADIUS = { plain: 9, hovered: 11 };

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Pane} pane
 * @param {LinkedScatter} scatter
 */
export function drawOverlay(context, pane, scatter) {
  const { scene, theme, hovered, focused, parts } = scatter;
  const selected = [...scatter.selected];
  const labelled = selected.length <= MAX_LABELLED_CLASSES ? selected : [];
  const near = focused === null ? new Map() : neighboursOf(scene, pane.key, focused);
  const contours = scene.contours[pane.restingKey ?? ""];
  if (parts.has("contours") && contours) drawContours(context, pane, contours, theme);
  const always = [...labelled, ...(focused === null ? [] : [focused])];
  if (parts.has("pictures")) pane.pictures.draw(context, scatter, always);
  else pane.pictures.drawn.clear();
  context.font = `12px ${theme.font}`;
  context.lineJoin = "round";
  drawLines(context, pane, scatter, selected);
  if (focused !== null) drawNeighbourLines(context, pane, focused, near, theme);
  for (const row of labelled) drawRing(context, pane, row, { margin: 1.5, colour: theme.text, width: 1 });
  if (focused !== null) drawRing(context, pane, focused, { margin: 3.5, colour: theme.accent, width: 2.5 });
  if (hovered.row !== null) drawRing(context, pane, hovered.row, { margin: 4, colour: theme.text, width: 2 });
  const named = new Set(labelled);
  if (focused !== null) named.add(focused);
  if (hovered.row !== null) {
    named.add(hovered.row);
    if (pane === scatter.hoveredPane) named.delete(hovered.row); // the tooltip names it
  }
  const occupied = Array.from(named, (row) => pointBox(pane.pointPosition(row), 4));
  const description = scene.panes.find(({ key }) => key === pane.restingKey);
  if (description?.axes.length) {
    drawAxes(context, pane, description, { origin: scene.origins[description.key], theme, occupied });
    context.font = `12px ${theme.font}`;
  }
  const pictures = [...pane.pictures.drawn.values()];
  scene.pins.forEach((pin, i) => {
    const radius = hovered.pin === i ? PIN_RADIUS.hovered : PIN_RADIUS.plain;
    drawPin(context, pane, pin, { radius, theme, occupied });
  });
  for (const row of named)
    drawLabel(context, pane, scatter, { row, text: labelOf(scene.names[row], near.get(row)), occupied });
  for (const [row, similarity] of near) {
    if (named.has(row)) continue;
    drawLabel(context, pane, scatter, { row, text: labelOf(scene.names[row], similarity), occupied });
    named.add(row);
  }
  if (parts.has("names")) drawNames(context, pane, theme, { occupied, pictures, named });
  drawOutline(context, pane.outline, theme);
}

/**
 * @param {number[]} position
 * @param {number} radius
 * @returns {Box}
 */
function pointBox([x, y], radius) {
  return [x - radius, y - radius, x + radius, y + radius];
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Pane} pane
 * @param {LinkedScatter} scatter
 * @param {number[]} selected
 */
function drawLines(context, pane, scatter, selected) {
  const rows = new Set(selected.slice(0, MAX_LINES));
  if (scatter.hovered.row !== null) rows.add(scatter.hovered.row);
  if (scatter.focused !== null) rows.add(scatter.focused);
  context.lineWidth = 1.4;
  for (const { row, from, to, alpha } of pane.isMorph ? morphPaths(pane, rows) : residualLines(pane, scatter, rows)) {
    context.strokeStyle = cssColour(scatter.signs[row].colour);
    context.globalAlpha = alpha;
    context.beginPath();
    context.moveTo(from[0], from[1]);
    context.lineTo(to[0], to[1]);
    context.stroke();
  }
  context.globalAlpha = 1;
}

/**
 * From the focused class to its nearest in the space itself, the more similar the stronger.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Pane} pane
 * @param {number} focused
 * @param {Map<number, number>} near Rows with their similarities.
 * @param {Theme} theme
 */
function drawNeighbourLines(context, pane, focused, near, theme) {
  if (!pane.classes.radii[focused]) return;
  const [x, y] = pane.pointPosition(focused);
  for (const [row, similarity] of near) {
    if (!pane.classes.radii[row]) continue;
    const [u, v] = pane.pointPosition(row);
    context.strokeStyle = theme.accent;
    context.lineWidth = 1 + Math.max(0, similarity);
    context.globalAlpha = 0.3 + 0.6 * Math.max(0, similarity);
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(u, v);
    context.stroke();
    context.globalAlpha = 1;
    drawRing(context, pane, row, { margin: 1.5, colour: theme.accent, width: 1.5 });
  }
}

/**
 * The path of each class from one space to the other: faint in full, stronger as far as it has moved.
 *
 * @param {Pane} pane
 * @param {Set<number>} rows
 * @returns {Generator<Line>}
 */
function* morphPaths(pane, rows) {
  for (const row of rows) {
    if (!pane.classes.radii[row]) continue;
    const from = pane.pointPosition(row, 0);
    yield { row, from, to: pane.pointPosition(row, 1), alpha: 0.3 };
    yield { row, from, to: pane.pointPosition(row), alpha: 0.9 };
  }
}

/**
 * From where each class, or each sentence of it, was mapped, to where the class is.
 *
 * @param {Pane} pane
 * @param {LinkedScatter} scatter
 * @param {Set<number>} rows
 * @returns {Generator<Line>}
 */
function* residualLines(pane, { scene: { residuals, sentences, positions } }, rows) {
  if (residuals?.[1] !== pane.key) return;
  const sentencePositions = sentences?.positions[residuals[0]];
  const starts = sentencePositions ?? positions[residuals[0]];
  for (let i = 0; i < starts.length / 3; i++) {
    const row = sentences && sentencePositions ? sentences.rows[i] : i;
    if (!rows.has(row) || !pane.classes.radii[row] || Number.isNaN(starts[3 * i])) continue;
    const from = pane.project(starts.subarray(3 * i, 3 * i + 3));
    yield { row, from, to: pane.pointPosition(row), alpha: sentencePositions ? 0.3 : 0.75 };
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Pane} pane
 * @param {number} row
 * @param {{ margin: number, colour: string, width: number }} style
 */
function drawRing(context, pane, row, { margin, colour, width }) {
  if (!pane.classes.radii[row]) return;
  const [x, y] = pane.pointPosition(row);
  const radius = pane.markRadius(row) + margin;
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  if (pane.pictures.drawn.has(row)) context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
  else context.arc(x, y, radius, 0, 2 * Math.PI);
  context.stroke();
}

/**
 * A diamond with the pin's number.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Pane} pane
 * @param {Pin} pin
 * @param {{ radius: number, theme: Theme, occupied: Box[] }} options
 */
function drawPin(context, pane, pin, { radius, theme, occupied }) {
  const position = pane.pinPosition(pin);
  if (!position) return;
  const [x, y] = position;
  context.fillStyle = theme.text;
  context.strokeStyle = theme.background;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x, y - radius);
  context.lineTo(x + radius, y);
  context.lineTo(x, y + radius);
  context.lineTo(x - radius, y);
  context.closePath();
  context.stroke();
  context.fill();
  context.fillStyle = theme.background;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `bold 10px ${theme.font}`;
  context.fillText(String(pin.mark), x, y + 0.5);
  context.font = `12px ${theme.font}`;
  occupied.push(pointBox(position, radius));
}

/**
 * A class's name, with its similarity to the focused one if that is known.
 *
 * @param {string} name
 * @param {number} [similarity]
 */
function labelOf(name, similarity) {
  return similarity === undefined ? shortenLabel(name) : `${shortenLabel(name)} ${similarity.toFixed(2)}`;
}

/**
 * A label beside a class's point; left out where there is no free place, unless the class is focused or hovered.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Pane} pane
 * @param {LinkedScatter} scatter
 * @param {{ row: number, text: string, occupied: Box[] }} label
 */
function drawLabel(context, pane, { theme, hovered, focused }, { row, text, occupied }) {
  if (!pane.classes.radii[row]) return;
  const [x, y] = pane.pointPosition(row);
  if (x < 0 || y < 0 || x > pane.width || y > pane.height) return;
  const required = row === hovered.row || row === focused;
  const { width } = context.measureText(text);
  const label = placeLabel({ x, y, width, offset: pane.markRadius(row) + 5, required }, occupied, pane);
  if (!label) return;
  occupied.push(label.box);
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.lineWidth = 3.5;
  context.strokeStyle = theme.background;
  context.strokeText(text, label.x, label.y);
  context.fillStyle = theme.text;
  context.fillText(text, label.x, label.y);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {PixelPosition[] | null} outline
 * @param {Theme} theme
 */
function drawOutline(context, outline, theme) {
  if (!outline || outline.length < 2) return;
  context.beginPath();
  for (const [x, y] of outline) context.lineTo(x, y);
  context.closePath();
  context.fillStyle = theme.accent;
  context.globalAlpha = 0.12;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = theme.accent;
  context.lineWidth = 1.5;
  context.stroke();
}
