// @ts-check
// The toolbar, the morph's controls and the legend of a linked scatter.

import { Legend } from "./legend.js";
import { MorphControls } from "./morph_controls.js";
import { Toolbar } from "./toolbar.js";

/** @import { LinkedScatter } from "./linked_scatter.js" */

/** @param {LinkedScatter} scatter */
export function createControls(scatter) {
  const toolbar = new Toolbar({
    onArrange: (arrangement) => scatter.arrange(arrangement),
    onDragMode: (mode) => scatter.setDragMode(mode),
    onTogglePart: (part) => scatter.togglePart(part),
    onToggleLinkedCameras: () => scatter.toggleLinkedCameras(),
    onReset: () => scatter.resetCameras(),
    onClear: () => scatter.select([]),
  });
  const morph = new MorphControls({
    onKeys: (keys) => scatter.setMorphKeys(keys),
    onProgress: (progress) => scatter.showMorphProgress(progress),
  });
  const legend = new Legend({
    onHighlight: (category) => scatter.highlight(category),
    onSelect: (rows, adds) => {
      scatter.highlightedCategory = null;
      scatter.select(rows, adds);
    },
  });
  return { toolbar, morph, legend };
}
