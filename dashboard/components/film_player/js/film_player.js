// @ts-check
// Film strips played side by side: all show the same step, so that they can be compared.

import { framePosition, nextStep } from "./frames.js";

/**
 * @typedef {object} Film
 * @property {string} title
 * @property {string} strip Data address of all frames in one row.
 * @property {string[]} names One per step.
 */

/** @typedef {{ steps: number, films: Film[] }} FilmPlayerData */

class FilmPlayer {
  steps = 0;
  isPlaying = false;
  /** @type {1 | -1} */
  direction = 1;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  timer;

  /**
   * Show these films; a player that is playing goes on playing.
   *
   * @param {Element | ShadowRoot} root Holds the elements of film_player.html.
   * @param {FilmPlayerData} data
   */
  load(root, { steps, films }) {
    this.steps = steps;
    this.slider = find(root, ".step", HTMLInputElement);
    this.stepCount = find(root, ".step-count", HTMLElement);
    this.playButton = find(root, ".play", HTMLButtonElement);
    this.speed = find(root, ".speed", HTMLSelectElement);
    this.films = films.map((film) => createFilm(film, steps));
    find(root, ".films", HTMLElement).replaceChildren(...this.films.map(({ figure }) => figure));
    this.slider.max = String(steps - 1);
    this.playButton.onclick = () => this.setPlaying(!this.isPlaying);
    this.speed.onchange = () => this.setPlaying(this.isPlaying);
    this.slider.oninput = () => {
      this.setPlaying(false);
      this.show(this.step);
    };
    this.slider.onkeydown = (event) => {
      if (event.key !== " ") return; // the arrow keys are the slider's own
      event.preventDefault();
      this.setPlaying(!this.isPlaying);
    };
    this.show(Math.min(this.step, steps - 1));
    this.setPlaying(this.isPlaying);
  }

  get step() {
    return Number(this.slider?.value);
  }

  /** @param {number} step */
  show(step) {
    const place = `${step + 1} of ${this.steps}`;
    if (this.slider) {
      this.slider.value = String(step);
      this.slider.setAttribute("aria-valuetext", place); // its value counts from 0
    }
    if (this.stepCount) this.stepCount.textContent = place;
    for (const { frame, name, names } of this.films ?? []) {
      frame.style.backgroundPosition = framePosition(step, this.steps);
      frame.setAttribute("aria-label", names[step]);
      name.textContent = names[step];
    }
  }

  /** @param {boolean} isPlaying */
  setPlaying(isPlaying) {
    this.isPlaying = isPlaying;
    this.stop();
    if (isPlaying) this.timer = setInterval(() => this.advance(), 1000 / Number(this.speed?.value));
    if (this.playButton) this.playButton.textContent = isPlaying ? "Pause" : "Play";
  }

  advance() {
    const { step, direction } = nextStep(this.step, this.direction, this.steps);
    this.direction = direction;
    this.show(step);
  }

  stop() {
    clearInterval(this.timer);
  }
}

/**
 * @template {Element} Type
 * @param {Element | ShadowRoot} root
 * @param {string} selector
 * @param {new () => Type} type
 * @returns {Type}
 */
function find(root, selector, type) {
  const element = root.querySelector(selector);
  if (!(element instanceof type)) throw new Error(`The film player has no element ${selector}.`);
  return element;
}

/**
 * @param {Film} film
 * @param {number} steps
 */
function createFilm({ title, strip, names }, steps) {
  const [figure, frame, heading, name] = ["figure", "div", "b", "span"].map((tag) => document.createElement(tag));
  frame.className = "frame";
  frame.style.backgroundImage = `url("${strip}")`;
  frame.style.backgroundSize = `${100 * steps}% 100%`;
  frame.setAttribute("role", "img");
  heading.textContent = title;
  figure.append(heading, frame, name);
  return { figure, frame, name, names };
}

/** @type {WeakMap<Element | ShadowRoot, FilmPlayer>} By host element: Streamlit renders anew for every set of films. */
const players = new WeakMap();

/**
 * Called by Streamlit whenever the data change.
 *
 * @param {{ data: FilmPlayerData, parentElement: Element | ShadowRoot }} component
 * @returns {() => void} Called when the component is taken off the page.
 */
export default function renderFilmPlayer({ data, parentElement }) {
  const player = players.get(parentElement) ?? new FilmPlayer();
  players.set(parentElement, player);
  player.load(parentElement, data);
  return () => player.stop();
}
