// @ts-check
// Data of the class wall, and positions of pictures on the sprite sheet.

/** @typedef {{ name: string, group: string, start: string, card: string, note: string }} Tile */

/** @typedef {{ tiles: Tile[], sheet: string | null, columns: number, rows: number }} WallData */

/** @typedef {{ title: string, members: number[] }} Group Positions in the list of tiles. */

/**
 * Tiles by group, groups in the order of their first tile.
 *
 * @param {Tile[]} tiles
 * @returns {Group[]}
 */
export function byGroup(tiles) {
  /** @type {Map<string, number[]>} */
  const groups = new Map();
  tiles.forEach(({ group }, position) => {
    const members = groups.get(group);
    if (members) members.push(position);
    else groups.set(group, [position]);
  });
  return [...groups].map(([title, members]) => ({ title, members }));
}

/**
 * `background-position` that shows one picture of the sheet where the sheet is as many times as large as the tile.
 *
 * @param {number} position
 * @param {number} columns
 * @param {number} rows
 */
export function placeOnSheet(position, columns, rows) {
  const share = (/** @type {number} */ step, /** @type {number} */ steps) =>
    steps > 1 ? (100 * step) / (steps - 1) : 0;
  return `${share(position % columns, columns)}% ${share(Math.floor(position / columns), rows)}%`;
}
