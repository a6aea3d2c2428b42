// @ts-check
// The view of a linked scatter as query parameters of the page's URL:
//   camera=PANE_ZOOM_X_Y, followed by the nine numbers of a rotation in three dimensions; one per pane that was moved.
//   morph=START_END_PROGRESS, where one space turns into another.
//   show=PART_PART, what is shown of the classes besides their points where that is not as at first; "points" for nothing.

import { newCamera } from "./camera.js";

/** @import { Camera } from "./camera.js" */
/** @import { MorphKeys } from "./morph_controls.js" */
/** @import { Part } from "./toolbar.js" */

/** @typedef {{ progress: number, keys: MorphKeys | null }} MorphState */
/**
 * @typedef {object} View
 * @property {Record<string, Camera>} savedCameras
 * @property {"side-by-side" | "morph"} arrangement
 * @property {MorphState} morph
 * @property {Set<Part>} parts
 */

const PARAMETERS = ["camera", "morph", "show"];
/** @type {Part[]} */
export const PARTS = ["names", "pictures", "contours"];
const PARTS_AT_FIRST = "names";
const NO_PART = "points";
const DECIMALS = 3;

/**
 * A query string with this view in it, in place of the view that it had; without one, where nothing is given.
 *
 * @param {string} query
 * @param {View} [view]
 */
export function withView(query, view) {
  const parameters = new URLSearchParams(query);
  for (const name of PARAMETERS) parameters.delete(name);
  if (view) {
    const { savedCameras, arrangement, morph } = view;
    const parts = PARTS.filter((part) => view.parts.has(part)).join("_") || NO_PART;
    for (const [key, camera] of Object.entries(savedCameras)) {
      const text = [key, ...numbersOf(camera).map(rounded)].join("_");
      if (text !== [key, ...numbersOf(newCamera()).map(rounded)].join("_")) parameters.append("camera", text);
    }
    if (arrangement === "morph" && morph.keys) {
      parameters.set("morph", [...morph.keys, rounded(morph.progress)].join("_"));
    }
    if (parts !== PARTS_AT_FIRST) parameters.set("show", parts);
  }
  return parameters.toString();
}

/**
 * The view that a query string describes; what it does not describe is as at first.
 *
 * @param {string} query
 * @returns {View}
 */
export function viewOf(query) {
  const parameters = new URLSearchParams(query);
  /** @type {Record<string, Camera>} */
  const savedCameras = {};
  for (const text of parameters.getAll("camera")) {
    const [key, ...words] = text.split("_");
    const camera = cameraOf(words.map(Number));
    if (camera) savedCameras[key] = camera;
  }
  const shown = (parameters.get("show") ?? PARTS_AT_FIRST).split("_");
  const [start, end, progress] = (parameters.get("morph") ?? "").split("_");
  const isMorph = Number(progress) >= 0 && Number(progress) <= 1;
  return {
    savedCameras,
    arrangement: isMorph ? "morph" : "side-by-side",
    morph: isMorph ? { progress: Number(progress), keys: [start, end] } : { progress: 0, keys: null },
    parts: new Set(PARTS.filter((part) => shown.includes(part))),
  };
}

/** @param {Camera} camera */
function numbersOf({ zoom, x, y, rotation }) {
  const isTurned = rotation.some((value, i) => value !== newCamera().rotation[i]);
  return [zoom, x, y, ...(isTurned ? rotation : [])];
}

/**
 * @param {number[]} numbers
 * @returns {Camera | null}
 */
function cameraOf([zoom, x, y, ...rotation]) {
  const isCamera = zoom > 0 && [0, 9].includes(rotation.length) && [zoom, x, y, ...rotation].every(Number.isFinite);
  return isCamera ? { ...newCamera(), zoom, x, y, ...(rotation.length && { rotation }) } : null;
}

/** @param {number} value */
function rounded(value) {
  return String(Number(value.toFixed(DECIMALS)));
}
