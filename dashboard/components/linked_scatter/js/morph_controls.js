// @ts-check
// The controls of the morph: which two spaces, and how far one has turned into the other.

import { animate, smoothstep } from "./animation.js";
import { createElement } from "./dom.js";

/** @import { PaneDescription } from "./scene.js" */

/** @typedef {[start: string, end: string]} MorphKeys Keys of two panes. */

const MORPH_MILLISECONDS = 2600;

export class MorphControls {
  /** 0 at the first space, 1 at the second. */
  progress = 0;
  /** @type {MorphKeys | null} */
  keys = null;
  /** @type {(() => void) | null} Stops the animation that is running. */
  stopPlaying = null;

  /**
   * @param {object} actions
   * @param {(keys: MorphKeys) => void} actions.onKeys
   * @param {(progress: number) => void} actions.onProgress
   */
  constructor(actions) {
    this.actions = actions;
    const onchange = () => actions.onKeys([this.start.value, this.end.value]);
    const title = "From space A to space B";
    this.start = createElement("select", { title: "Space A", onchange });
    this.end = createElement("select", { title: "Space B", onchange });
    this.slider = createElement("input", { type: "range", min: "0", max: "1", step: "0.001", title });
    this.slider.setAttribute("aria-label", title);
    this.slider.oninput = () => this.seek(this.slider.valueAsNumber);
    this.playButton = createElement("button", {
      type: "button",
      className: "play",
      onclick: () => this.togglePlaying(),
    });
    this.playButton.title = "Play: turn one space into the other";
    const parts = [this.playButton, this.start, this.slider, this.end];
    this.element = createElement("div", { className: "morph-controls", hidden: true }, ...parts);
  }

  /**
   * Offer these panes; the two chosen remain if they are among them.
   *
   * @param {PaneDescription[]} panes
   */
  setPanes(panes) {
    const keys = panes.map(({ key }) => key);
    for (const select of [this.start, this.end]) {
      select.replaceChildren(
        ...panes.map(({ key, title }) => createElement("option", { value: key, textContent: title })),
      );
    }
    this.setKeys(this.keys?.every((key) => keys.includes(key)) ? this.keys : [keys[0], keys[keys.length - 1]]);
  }

  /** @param {MorphKeys} keys */
  setKeys(keys) {
    this.keys = keys;
    [this.start.value, this.end.value] = keys;
  }

  /** @param {number} progress */
  setProgress(progress) {
    this.progress = progress;
    this.slider.value = String(progress);
    this.playButton.textContent = this.stopPlaying ? "Pause" : "Play";
    this.actions.onProgress(progress);
  }

  /** @param {number} progress */
  seek(progress) {
    this.stop();
    this.setProgress(progress);
  }

  togglePlaying() {
    if (this.stopPlaying) return this.seek(this.progress);
    const isBackwards = this.progress > 0.5;
    this.stopPlaying = animate(MORPH_MILLISECONDS, (share) => {
      if (share === 1) this.stopPlaying = null;
      this.setProgress(isBackwards ? 1 - smoothstep(share) : smoothstep(share));
    });
  }

  stop() {
    this.stopPlaying?.();
    this.stopPlaying = null;
  }
}
