// @ts-check
// What a linked scatter shows of its spaces, as parameters of a page's address:
//   camera=PANE_ZOOM_X_Y, followed by the nine numbers of a rotation in three dimensions; one per pane that was moved.
//   morph=START_END_PROGRESS, where one space turns into another.

import { newCamera } from "./camera.js";

/** @import { Camera } from "./camera.js" */
/** @import { MorphKeys } from "./morph_controls.js" */

/** @typedef {{ progress: number, keys: MorphKeys | null }} MorphState */
/** @typedef {{ savedCameras: Record<string, Camera>, arrangement: "side-by-side" | "morph", morph: MorphState }} View */

const PARAMETERS = ["camera", "morph"];
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
    for (const [key, camera] of Object.entries(savedCameras)) {
      const text = [key, ...numbersOf(camera).map(rounded)].join("_");
      if (text !== [key, ...numbersOf(newCamera()).map(rounded)].join("_")) parameters.append("camera", text);
    }
    if (arrangement === "morph" && morph.keys) {
      parameters.set("morph", [...morph.keys, rounded(morph.progress)].join("_"));
    }
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
  const [start, end, progress] = (parameters.get("morph") ?? "").split("_");
  const isMorph = Number(progress) >= 0 && Number(progress) <= 1;
  return {
    savedCameras,
    arrangement: isMorph ? "morph" : "side-by-side",
    morph: isMorph ? { progress: Number(progress), keys: [start, end] } : { progress: 0, keys: null },
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
