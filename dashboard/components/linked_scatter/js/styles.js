// @ts-check
// Styles of classes and sentences: colours and shapes of their classes, faded where others are emphasised.

import { styleLayer } from "./layers.js";

/** @import { LinkedScatter } from "./linked_scatter.js" */

const ALPHA = { emphasised: 255, background: 75, plain: 225 };
const SENTENCE_ALPHA = { emphasised: 210, background: 26, plain: 110 };

/** @param {LinkedScatter} scatter */
export function pointStyles(scatter) {
  const { scene } = scatter;
  const allRows = Uint32Array.from({ length: scene.classCount }, (_, row) => row);
  return {
    classes: layerStyle(scatter, allRows, ALPHA),
    sentences: scene.sentences && layerStyle(scatter, scene.sentences.rows, SENTENCE_ALPHA),
  };
}

/**
 * @param {LinkedScatter} scatter
 * @param {ArrayLike<number>} rows Class of each point.
 * @param {{ emphasised: number, background: number, plain: number }} alpha `plain` where nothing is emphasised.
 */
function layerStyle(scatter, rows, { emphasised, background, plain }) {
  const alpha = { emphasised, background: scatter.hasEmphasis ? background : plain };
  return styleLayer(rows, scatter.signs, (row) => scatter.isEmphasised(row), alpha);
}
