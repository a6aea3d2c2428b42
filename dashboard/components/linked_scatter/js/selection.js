// @ts-check
// Selections of classes: sets of rows in ascending order.

/**
 * Selection after a click on a class: that class alone; with `adds` it is added, or taken out if it was selected.
 * A click on a selected class leaves the selection as it is.
 *
 * @param {Set<number>} selected
 * @param {number} row
 * @param {boolean} adds
 */
export function selectByClick(selected, row, adds) {
  if (!selected.has(row)) return adds ? selectRows([...selected, row]) : selectRows([row]);
  return selectRows([...selected].filter((other) => !adds || other !== row));
}

/** @param {number[]} rows */
export function selectRows(rows) {
  return new Set(rows.sort((a, b) => a - b));
}
