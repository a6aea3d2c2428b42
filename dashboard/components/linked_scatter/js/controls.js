// @ts-check
// The toolbar, the morph's controls and the legend of a linked scatter.

import { Legend } from "./legend.js";
import { MorphControls } from "./morph_controls.js";
import { Toolbar } from "./toolbar.js";
import { PARTS } from "./view_address.js";

/** @import { LinkedScatter } from "./linked_scatter.js" */
/** @import { Scene } from "./scene.js" */

/** @param {LinkedScatter} scatter */
export function createControls(scatter) {
  const toolbar = new Toolbar({
    onArrange: (arrangement) => scatter.arrange(arrangement),
    onDragMode: (mode) => scatter.setDragMode(mode),
    onTogglePart: (part) => scatter.togglePart(part),
    onToggleLinkedCameras: () => scatter.toggleLinkedCameras(),
    onReset: () => scatter.resetCameras(),
    onCopyLink: async () => scatter.copyLink?.(),
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

/**
 * What a scene can show of its classes besides points.
 *
 * @param {Pick<Scene, "thumbnails" | "contours">} scene
 */
export function offeredParts({ thumbnails, contours }) {
  const hasContours = Object.values(contours).some(({ length }) => length);
  return new Set(PARTS.filter((part) => part === "names" || (part === "pictures" ? thumbnails : hasContours)));
}
