// The legend under the panes, and the card of what is pointed at. Text enters as text only.

const CARD_PICTURE = 72;

function drawLegend(view) {
  const { scene, look } = view, { colour } = scene;
  const title = make("span", { className: "title", textContent: colour.title });
  if (!colour.categories) return view.legend.replaceChildren(title, scaleBar(colour, look, view.colours));
  if (view.legend.of === view.id && view.legend.dark === look.dark) return markLegend(view);
  const counts = colour.categories.map(() => 0);
  for (const category of colour.values) counts[category]++;
  const entries = colour.categories.map((name, category) => {
    const dot = make("i");
    dot.style.background = css(hued(category, colour.categories.length, look.dark));
    const entry = make("button", { type: "button", title: `Select the ${counts[category]} classes of ${name}` },
      dot, make("span", { textContent: name }), make("small", { textContent: counts[category] }));
    entry.onpointerenter = () => view.light(category);
    entry.onpointerleave = () => view.light(null);
    entry.onclick = (event) => {
      view.lit = null;
      view.select(rowsOf(colour, category), event.shiftKey);
    };
    return entry;
  });
  view.legend.replaceChildren(title, make("div", { className: "groups" }, ...entries));
  Object.assign(view.legend, { of: view.id, dark: look.dark });
  markLegend(view);
}

function rowsOf(colour, category) {
  return Array.from(colour.values.keys()).filter((row) => colour.values[row] === category);
}

// Groups of which nothing is selected step back.
function markLegend(view) {
  const here = new Set([...view.selected].map((row) => view.scene.colour.values[row]));
  view.legend.querySelectorAll("button").forEach((entry, category) =>
    entry.classList.toggle("away", here.size > 0 && !here.has(category)));
}

function scaleBar(colour, look) {
  const steps = Array.from({ length: 9 }, (_, i) => css(scaled(i / 8, look.dark)));
  const bar = make("i", { className: "bar-of-colour" }), span = colour.high - colour.low;
  bar.style.background = `linear-gradient(to right, ${steps.join()})`;
  const parts = [make("span", { textContent: written(colour.low, span) }), bar,
    make("span", { textContent: written(colour.high, span) })];
  if (colour.values.some(Number.isNaN)) {
    const dot = make("i", { className: "dot" });
    dot.style.background = css(UNKNOWN);
    parts.push(dot, make("span", { textContent: "unknown" }));
  }
  return make("span", { className: "scale" }, ...parts);
}

function fillCard(view) {
  const { hovered, scene, card } = view;
  card.hidden = hovered === NOTHING;
  if (hovered === NOTHING) return;
  if (hovered.pin !== null) {
    const pin = scene.pins[hovered.pin];
    const near = pin.nearest.length ? [line("Nearest", pin.nearest.join(", "))] : [];
    return card.replaceChildren(make("div", {}, make("b", { textContent: pin.label }), ...near));
  }
  const { row, sentence } = hovered, { colour } = scene;
  const rest = sentence === null ? [] : [make("p", { textContent: scene.sentences.texts[sentence] })];
  const value = colour.categories ? [] : [line(colour.title, written(colour.values[row], colour.high - colour.low))];
  const details = sentence === null
    ? Object.entries(scene.details).filter(([title]) => title !== colour.title)
      .map(([title, values]) => line(title, written(values[row], spread(values)))) : [];
  const text = make("div", {}, ...rest, make("b", { textContent: scene.names[row] }),
    make("span", { className: "group", textContent: scene.groups[row] }), ...value, ...details);
  card.replaceChildren(...picture(scene.thumbnails, row), text);
}

function line(title, value) {
  return make("span", { className: "line" }, make("em", { textContent: title }), ` ${value}`);
}

function picture(thumbnails, row) {
  if (!thumbnails) return [];
  const { uri, columns, pixels } = thumbnails, side = CARD_PICTURE, cut = make("i", { className: "picture" });
  const [x, y] = [row % columns, Math.floor(row / columns)];
  Object.assign(cut.style, { width: `${side}px`, height: `${side}px`, backgroundImage: `url("${uri}")`,
    backgroundSize: `${columns * side}px auto`, backgroundPosition: `${-x * side}px ${-y * side}px`,
    imageRendering: pixels < side ? "auto" : "" });
  return [cut];
}

// Beside the mouse, within the frame of all panes.
function placeCard({ root, card }, event) {
  const frame = root.getBoundingClientRect(), [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
  const { offsetWidth: width, offsetHeight: height } = card, away = 14;
  const left = x + away + width > frame.width ? x - away - width : x + away;
  const top = Math.min(y + away, frame.height - height);
  card.style.transform = `translate(${Math.max(0, Math.round(left))}px, ${Math.max(0, Math.round(top))}px)`;
}
