// What is drawn over the points: lines, rings, names, pins, and the lasso.

const FEW = 12; // selected classes that are ringed and named; more would be a heap of rings
const MOST_LINES = 400;

function drawMarks(context, pane, view) {
  const { scene, look } = view;
  const rows = [...view.selected];
  context.font = `12px ${look.font}`;
  context.lineJoin = "round";
  drawLines(context, pane, view, rows);
  if (rows.length <= FEW) for (const row of rows) ring(context, pane, row, 1.5, look.ink, 1);
  if (view.focused !== null) ring(context, pane, view.focused, 3.5, look.accent, 2.5);
  if (view.hovered.row !== null) ring(context, pane, view.hovered.row, 4, look.ink, 2);
  const named = new Set([view.hovered.row, view.focused, ...(rows.length <= FEW ? rows : [])]);
  named.delete(null);
  if (pane === view.pointed) named.delete(view.hovered.row); // its card names it
  const taken = Array.from(named, (row) => pane.place(row)).map(([x, y]) => [x - 4, y - 4, x + 4, y + 4]);
  scene.pins.forEach((pin, i) => drawPin(context, pane, view, pin, i, taken));
  for (const row of named) name(context, pane, view, row, taken);
  drawReach(context, pane.reach, look);
}

function drawLines(context, pane, view, rows) {
  const wanted = new Set(rows.slice(0, MOST_LINES));
  if (view.hovered.row !== null) wanted.add(view.hovered.row);
  if (view.focused !== null) wanted.add(view.focused);
  const lines = pane.morphs ? trails(pane, view, wanted) : residuals(pane, view, wanted);
  for (const [row, from, to, alpha] of lines) {
    context.strokeStyle = css(view.colours[row]);
    context.globalAlpha = alpha;
    context.lineWidth = 1.4;
    context.beginPath();
    context.moveTo(from[0], from[1]);
    context.lineTo(to[0], to[1]);
    context.stroke();
  }
  context.globalAlpha = 1;
}

// The way of each class from one space to the other: faint in all, stronger as far as it has come.
function* trails(pane, view, rows) {
  for (const row of rows) {
    if (!pane.classes.shown[row]) continue;
    const start = pane.place(row, 0);
    yield [row, start, pane.place(row, 1), 0.3];
    yield [row, start, pane.place(row), 0.9];
  }
}

// From where each class, or each sentence of it, was mapped to where the class is.
function* residuals(pane, view, rows) {
  const { scene } = view;
  if (scene.residuals?.[1] !== pane.key) return;
  const told = scene.sentences?.places[scene.residuals[0]];
  const starts = told ?? scene.places[scene.residuals[0]];
  const of = told ? scene.sentences.rows : null;
  for (let i = 0; i < starts.length / 3; i++) {
    const row = of ? of[i] : i;
    if (!rows.has(row) || !pane.classes.shown[row] || Number.isNaN(starts[3 * i])) continue;
    yield [row, pane.at(starts.subarray(3 * i, 3 * i + 3)), pane.place(row), of ? 0.3 : 0.75];
  }
}

function ring(context, pane, row, away, colour, width) {
  if (!pane.classes.shown[row]) return;
  const [x, y] = pane.place(row);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  context.arc(x, y, pane.radius(row) + away, 0, 2 * Math.PI);
  context.stroke();
}

function drawPin(context, pane, view, pin, i, taken) {
  const at = pane.pinAt(pin);
  if (!at) return;
  const [x, y] = at, reach = view.hovered.pin === i ? 11 : 9;
  context.fillStyle = view.look.ink;
  context.strokeStyle = view.look.paper;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x, y - reach);
  for (const [dx, dy] of [[reach, 0], [0, reach], [-reach, 0], [0, -reach]]) context.lineTo(x + dx, y + dy);
  context.closePath();
  context.stroke();
  context.fill();
  context.fillStyle = view.look.paper;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `bold 10px ${view.look.font}`;
  context.fillText(pin.mark, x, y + 0.5);
  context.font = `12px ${view.look.font}`;
  taken.push([x - reach, y - reach, x + reach, y + reach]);
}

// A name beside its point, where it covers no other; without a free place it is left out, unless pointed at.
function name(context, pane, view, row, taken) {
  if (!pane.classes.shown[row]) return;
  const [x, y] = pane.place(row), text = shortened(view.scene.names[row]), width = context.measureText(text).width;
  if (x < 0 || y < 0 || x > pane.width || y > pane.height) return;
  const away = pane.radius(row) + 5, must = row === view.hovered.row || row === view.focused;
  const places = [[x + away, y], [x - away - width, y], [x - width / 2, y - away - 6], [x - width / 2, y + away + 6]];
  const box = ([left, middle]) => [left - 2, middle - 7, left + width + 2, middle + 7];
  const inside = ([left, top, right, bottom]) => left >= 0 && top >= 0 && right <= pane.width && bottom <= pane.height;
  const free = (one) => !taken.some((other) =>
    one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]);
  const place = places.find((at) => inside(box(at)) && free(box(at))) ?? (must && places.find((at) => inside(box(at))));
  if (!place) return;
  taken.push(box(place));
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.lineWidth = 3.5;
  context.strokeStyle = view.look.paper;
  context.strokeText(text, ...place);
  context.fillStyle = view.look.ink;
  context.fillText(text, ...place);
}

function shortened(text, most = 26) {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

// The box or the lasso as it is drawn.
function drawReach(context, reach, look) {
  if (!reach || reach.length < 2) return;
  context.beginPath();
  reach.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
  context.fillStyle = look.accent;
  context.globalAlpha = 0.12;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = look.accent;
  context.lineWidth = 1.5;
  context.stroke();
}
