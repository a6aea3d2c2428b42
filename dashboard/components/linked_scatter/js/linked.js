// Linked views: panes that share one selection, their tools, the legend and the card.
// On the root element data-view, -mode, -selected, -focused, -pins, -morph and -drawn say how things stand.

const MODES = [
  ["move", "Move", "Drag to move (or turn in 3-D), wheel to zoom; Shift and drag selects a box"],
  ["box", "Box", "Drag a box around classes; Shift adds to the selection"],
  ["lasso", "Lasso", "Draw around classes; Shift adds to the selection"],
];
const VIEWS = [
  ["side", "Side by side", "All spaces next to one another"],
  ["over", "Over one another", "One space turns into another"],
];
const MORPH = 2600; // milliseconds
const kept = new Map(); // how a view stood when it was last taken off the page

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function choices(options, label, act) {
  const buttons = options.map(([value, text, title]) => {
    const button = make("button", { type: "button", textContent: text, title, onclick: () => act(value) });
    button.dataset.value = value;
    return button;
  });
  const group = make("div", { className: "choices" }, ...buttons);
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", label);
  group.mark = (chosen) => buttons.forEach((one) => one.setAttribute("aria-pressed", one.dataset.value === chosen));
  return group;
}

class Linked {
  constructor(host, key) {
    Object.assign(this, { key, selected: new Set(), focused: null, hovered: NOTHING, lit: null });
    Object.assign(this, { view: "side", mode: "move", t: 0, ends: null, together: null, panes: [], id: null, push: null });
    this.still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.root = make("div", { className: "linked" });
    this.build();
    host.append(this.root);
    this.root.addEventListener("keydown", (event) => event.key === "Escape" && this.select([]));
    this.night = matchMedia("(prefers-color-scheme: dark)");
    this.night.addEventListener("change", (this.dusk = () => this.paint()));
    const stood = kept.get(key);
    if (stood) Object.assign(this, stood);
  }

  build() {
    this.views = choices(VIEWS, "Arrangement", (view) => this.arrange(view));
    this.modes = choices(MODES, "What dragging does", (mode) => this.take(mode));
    this.joint = make("button", { type: "button", textContent: "Move together",
      title: "Moving one space moves the others alike", onclick: () => this.join() });
    const reset = make("button", { type: "button", textContent: "Reset view", title: "Show everything again (double click)",
      onclick: () => this.reset() });
    this.count = make("span", { className: "count" });
    this.clear = make("button", { type: "button", textContent: "Clear", title: "Select nothing (Escape)",
      onclick: () => this.select([]) });
    this.count.setAttribute("aria-live", "polite");
    const bar = make("div", { className: "bar" }, this.views, this.modes, this.joint, reset,
      make("span", { className: "chosen" }, this.count, this.clear));
    this.buildMorph();
    this.side = make("div", { className: "panes" });
    this.legend = make("div", { className: "legend" });
    this.card = make("div", { className: "card", hidden: true });
    this.root.append(bar, this.morph, this.side, this.legend, this.card);
  }

  buildMorph() {
    const selects = [0, 1].map((end) => make("select", { title: end ? "Space B" : "Space A",
      onchange: () => this.between(selects.map((one) => one.value)) }));
    this.slider = make("input", { type: "range", min: 0, max: 1, step: 0.001, value: 0, title: "From space A to space B",
      oninput: () => { this.halt?.(); this.halt = null; this.turnTo(this.slider.valueAsNumber); } });
    this.slider.setAttribute("aria-label", "From space A to space B");
    this.player = make("button", { type: "button", className: "play", title: "Play: turn one space into the other",
      onclick: () => this.play() });
    this.selects = selects;
    this.morph = make("div", { className: "morph", hidden: true }, this.player, selects[0], this.slider, selects[1]);
  }

  // ---- what Python sends

  update({ id, scene, push, height }) {
    this.root.style.setProperty("--height", `${height}px`);
    const isNew = id !== this.id;
    if (isNew) this.load(unpacked(JSON.parse(scene)));
    this.id = id;
    if (push.token !== this.push) {
      this.push = push.token;
      this.selected = new Set(push.selected);
      this.focused = push.focused;
    }
    this.paint();
  }

  load(scene) {
    const before = this.scene;
    this.scene = scene;
    this.hovered = NOTHING;
    this.card.hidden = true;
    this.lit = null;
    for (const row of this.selected) if (row >= scene.n) this.selected.delete(row);
    if (this.focused >= scene.n) this.focused = null;
    const keys = scene.panes.map((pane) => pane.key);
    if (keys.join() !== before?.panes.map((pane) => pane.key).join()) this.furnish(keys);
    if (before && before.solid !== scene.solid) for (const pane of this.panes) pane.camera = newCamera();
    this.together ??= new Set(scene.panes.map((pane) => pane.frame || pane.key)).size === 1;
    this.root.classList.toggle("solid", scene.solid);
    for (const pane of this.panes) {
      const about = scene.panes.find((one) => one.key === pane.key);
      if (about) pane.head.replaceChildren(make("b", { textContent: about.title }), make("span", { textContent: about.note }));
      pane.over.setAttribute("aria-label", about ? `${about.title}: ${scene.n} classes` : "One space turning into another");
      if (about) pane.load(scene);
    }
    this.between(this.ends);
    this.arrange(this.view);
    this.take(this.mode);
  }

  furnish(keys) {
    for (const pane of this.panes) pane.end();
    this.panes = [...keys.map((key) => new Pane(this, key)), new Pane(this, "", { morphs: true })];
    this.over = this.panes.at(-1);
    for (const pane of this.panes) pane.camera = this.cameras?.[pane.key] ?? pane.camera;
    this.side.replaceChildren(...this.panes.map((pane) => pane.figure));
    if (!this.ends?.every((end) => keys.includes(end))) this.ends = [keys[0], keys.at(-1)];
    for (const select of this.selects) {
      select.replaceChildren(...this.scene.panes.map(({ key, title }) => make("option", { value: key, textContent: title })));
    }
    this.views.hidden = keys.length < 2;
    this.root.style.setProperty("--panes", keys.length);
  }

  // ---- arrangement

  arrange(view) {
    this.view = this.panes.length > 2 ? view : "side";
    for (const pane of this.panes) pane.figure.hidden = (pane === this.over) !== (this.view === "over");
    this.morph.hidden = this.view !== "over";
    this.side.classList.toggle("single", this.view === "over" || this.panes.length === 2);
    this.joint.hidden = this.view === "over" || this.panes.length === 2;
    this.views.mark(this.view);
    this.joint.setAttribute("aria-pressed", this.together);
    for (const pane of this.panes) {
      pane.measure();
      pane.ask();
    }
    this.state();
  }

  between(ends) {
    this.ends = ends;
    this.selects.forEach((select, end) => (select.value = ends[end]));
    this.over.load(this.scene, ...ends);
    this.over.head.replaceChildren(make("span", { textContent: "Lines show the way of the selected classes." }));
    if (this.look) this.paint();
    this.turnTo(this.t);
  }

  turnTo(t) {
    this.t = this.over.t = t;
    this.slider.value = t;
    this.player.textContent = this.halt ? "Pause" : "Play";
    this.over.ask();
    this.state();
  }

  play() {
    if (this.halt) {
      this.halt();
      this.halt = null;
      return this.turnTo(this.t);
    }
    const back = this.t > 0.5;
    this.halt = over(MORPH, (share) => {
      if (share === 1) this.halt = null;
      this.turnTo(back ? 1 - eased(share) : eased(share));
    });
  }

  take(mode) {
    this.mode = mode;
    this.modes.mark(mode);
    this.state();
  }

  join() {
    this.together = !this.together;
    this.arrange(this.view);
    if (this.together) this.looked(this.panes[0]);
  }

  looked(moved) {
    const along = this.together && moved !== this.over ? this.panes.filter((pane) => pane !== this.over) : [moved];
    for (const pane of along) {
      pane.camera = moved.camera;
      pane.ask();
    }
  }

  reset() {
    for (const pane of this.panes) {
      pane.camera = newCamera();
      pane.ask();
    }
  }

  // ---- selection

  click(row, adds) {
    if (row === null) return;
    const selected = new Set(this.selected);
    if (adds && selected.has(row)) selected.delete(row);
    else if (adds || selected.has(row)) selected.add(row);
    else {
      selected.clear();
      selected.add(row);
    }
    this.focused = row;
    this.picked(selected);
  }

  select(rows, adds = false) {
    const selected = new Set(adds ? [...this.selected, ...rows] : rows);
    if (!selected.size) this.focused = null;
    this.picked(selected);
  }

  picked(selected) {
    this.selected = new Set([...selected].sort((a, b) => a - b));
    this.paint();
    this.tell("picked", { selected: [...this.selected], focused: this.focused, at: Date.now() });
  }

  // Whether a class stands out: its group is pointed at in the legend, or it is selected.
  stands(row) {
    return this.lit !== null ? this.scene.colour.values[row] === this.lit : this.selected.has(row);
  }

  // ---- drawing

  paint() {
    const { scene, root } = this;
    this.look = theme(root);
    this.colours = classColours(scene.colour, this.look.dark);
    const some = this.lit !== null || this.selected.size > 0;
    const rows = Array.from({ length: scene.n }, (_, row) => row);
    const classes = this.bytes(rows, some ? [255, 45] : [225, 225]);
    const told = scene.sentences && this.bytes(scene.sentences.rows, some ? [210, 16] : [110, 110]);
    for (const pane of this.panes) pane.paint(classes, told);
    drawLegend(this);
    const { size } = this.selected;
    this.count.textContent = `${size ? size.toLocaleString("en") : "None"} of ${scene.n.toLocaleString("en")} selected`;
    this.clear.disabled = !size && this.focused === null;
    this.state();
  }

  // RGBA of points that belong to these classes, and their order: what stands out is drawn last.
  bytes(rows, [strong, weak]) {
    const colours = new Uint8Array(4 * rows.length), order = new Uint32Array(rows.length);
    const loud = [];
    let place = 0;
    for (let i = 0; i < rows.length; i++) {
      const stands = this.stands(rows[i]);
      colours.set(this.colours[rows[i]], 4 * i);
      colours[4 * i + 3] = stands ? strong : weak;
      if (stands) loud.push(i);
      else order[place++] = i;
    }
    order.set(loud, place);
    return { colours, order, quiet: place, firm: weak > 200 };
  }

  hover(pane, found, event) {
    const before = this.hovered;
    this.hovered = found;
    this.pointed = pane;
    if (Object.keys(NOTHING).some((kind) => before[kind] !== found[kind])) {
      for (const one of this.panes) one.askMarks();
      pane.over.style.cursor = found === NOTHING ? "" : "pointer";
      fillCard(this);
    }
    if (found !== NOTHING && event) placeCard(this, event);
  }

  light(category) {
    if (this.lit === category) return;
    this.lit = category;
    this.paint();
  }

  state() {
    Object.assign(this.root.dataset, {
      view: this.view, mode: this.mode, morph: this.t.toFixed(3), selected: [...this.selected].join(),
      focused: this.focused ?? "", pins: this.scene?.pins.length ?? 0, drawn: this.panes[0]?.points.kind ?? "",
    });
  }

  end() {
    const { view, mode, t, ends, together, selected, focused, push } = this;
    const cameras = Object.fromEntries(this.panes.map((pane) => [pane.key, pane.camera]));
    kept.set(this.key, { view, mode, t, ends, together, selected, focused, push, cameras });
    this.halt?.();
    this.night.removeEventListener("change", this.dusk);
    for (const pane of this.panes) pane.end();
    this.root.remove();
  }
}

const mounted = new WeakMap(); // host element -> the view in it

export default function show({ data, parentElement, setStateValue }) {
  let view = mounted.get(parentElement);
  if (!view) {
    view = new Linked(parentElement, data.key);
    mounted.set(parentElement, view);
  }
  view.tell = setStateValue;
  view.update(data);
  return () => {
    view.end();
    mounted.delete(parentElement);
  };
}
