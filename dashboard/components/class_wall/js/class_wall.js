// @ts-check
// Entry point of the Streamlit component: groups of tiles, each a link to a start and a link to a card.

import { byGroup, placeOnSheet } from "./tiles.js";

/** @import { WallData } from "./tiles.js" */

/**
 * Called by Streamlit whenever the data change.
 *
 * @param {object} component
 * @param {WallData} component.data
 * @param {Element} component.parentElement
 * @param {(name: string, value: unknown) => void} component.setTriggerValue
 */
export default function renderClassWall({ data, parentElement, setTriggerValue }) {
  let wall = parentElement.querySelector(".wall");
  if (!wall) {
    wall = createElement("div", "wall", "");
    parentElement.append(wall);
  }
  const sections = byGroup(data.tiles).map(({ title, members }) => {
    const section = createElement("section", "", "");
    const tiles = createElement("ul", "tiles", "");
    tiles.append(...members.map((position) => createTile(data, position, setTriggerValue)));
    const heading = createElement("h2", "", `${title} `); // a space, so that the number is read by itself
    heading.append(createElement("span", "count", String(members.length)));
    section.append(heading, tiles);
    return section;
  });
  wall.replaceChildren(createStyle(data), ...sections);
}

/**
 * One rule that shows the sheet in every tile: as a style of each, its megabytes would be read once per tile.
 *
 * @param {WallData} data
 */
function createStyle({ sheet, columns, rows }) {
  const size = `${100 * columns}% ${100 * rows}%`;
  return createElement("style", "", sheet ? `.picture { background: url("${sheet}") 0 0 / ${size}; }` : "");
}

/**
 * @param {WallData} data
 * @param {number} position
 * @param {(name: string, value: unknown) => void} setTriggerValue
 */
function createTile({ tiles, sheet, columns, rows }, position, setTriggerValue) {
  const { name, start, card, note } = tiles[position];
  const tile = createElement("li", "tile", "");
  const startLink = createLink("start", start, () => setTriggerValue("opened", { name, link: "start" }));
  if (sheet) {
    const picture = createElement("span", "picture", "");
    picture.style.backgroundPosition = placeOnSheet(position, columns, rows);
    startLink.append(picture);
  }
  startLink.append(createElement("span", "name", name));
  if (note) startLink.append(createElement("span", "note", note));
  const cardLink = createLink("card", card, () => setTriggerValue("opened", { name, link: "card" }));
  cardLink.textContent = "details";
  cardLink.setAttribute("aria-label", `Details of ${name}`);
  cardLink.title = "Opens it in Latent spaces: its sentences, its neighbours, how well it is found";
  tile.append(startLink, cardLink);
  return tile;
}

/**
 * A link whose plain click stays within the session; any other click is the browser's.
 *
 * @param {string} className
 * @param {string} address
 * @param {() => void} open
 */
function createLink(className, address, open) {
  const link = document.createElement("a");
  link.className = className;
  link.href = address;
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open();
  };
  return link;
}

/**
 * @param {string} tag
 * @param {string} className
 * @param {string} text
 */
function createElement(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}
