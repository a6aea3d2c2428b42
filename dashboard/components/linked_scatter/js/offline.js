// The exported page: the same views, and a table of the selected classes beneath.

function offline(host, table, data) {
  const tell = (_, picked) => fill(table, mounted.get(host).scene, picked.selected);
  show({ data, parentElement: host, setStateValue: tell });
  tell("picked", data.push);
}

function fill(table, scene, rows) {
  const { colour } = scene;
  const columns = { Class: scene.names, Group: scene.groups };
  if (!colour.categories) columns[colour.title] = Array.from(colour.values);
  Object.assign(columns, scene.details);
  const cells = (kind, texts) => make("tr", {}, ...texts.map((textContent) => make(kind, { textContent })));
  const lines = rows.map((row) => cells("td", Object.values(columns).map((values) => written(values[row], spread(values)))));
  table.replaceChildren(make("caption", { textContent: rows.length ? "Selected classes" : "Nothing is selected." }));
  if (rows.length) table.append(make("thead", {}, cells("th", Object.keys(columns))), make("tbody", {}, ...lines));
}

const part = (id) => document.getElementById(id);
offline(part("views"), part("selected"), JSON.parse(part("data").textContent));
