// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { keepOneEntryPerPage } from "#theme/history.js";

/** A browser's history: its entries, of which the last is shown. */
class Visit {
  entries = ["http://here/generate?prompt=a+castle"];

  get href() {
    return this.entries[this.entries.length - 1];
  }

  /** @type {History["pushState"]} */
  pushState(_state, _title, url) {
    this.entries.push(new URL(url ?? "", this.href).href);
  }

  /** @type {History["replaceState"]} */
  replaceState(_state, _title, url) {
    this.entries[this.entries.length - 1] = new URL(url ?? "", this.href).href;
  }
}

/** @type {Visit} */
let visit;
let clock = 0;

beforeEach(() => {
  visit = new Visit();
  clock = 0;
  keepOneEntryPerPage(visit, visit, () => clock);
});

test("a page that is left keeps its address, and is one entry", () => {
  visit.pushState({}, "", "/generate");
  visit.pushState({}, "", "/classes");
  assert.deepEqual(visit.entries, ["http://here/generate?prompt=a+castle", "http://here/classes"]);
});

test("a choice that is taken back is not one of the page that is left later", () => {
  visit.pushState({}, "", "/generate");
  clock = 60_000;
  visit.pushState({}, "", "/classes");
  assert.deepEqual(visit.entries, ["http://here/generate", "http://here/classes"]);
});

test("a page that Back has led to keeps its own address", () => {
  visit.entries = ["http://here/classes", "http://here/generate?prompt=a+castle"];
  visit.pushState({}, "", "/generate");
  visit.entries.pop(); // as Back does
  visit.pushState({}, "", "/glossary");
  assert.deepEqual(visit.entries, ["http://here/classes", "http://here/glossary"]);
});

test("only the page that was left gets its address back", () => {
  visit.pushState({}, "", "/generate");
  visit.pushState({}, "", "/classes");
  visit.pushState({}, "", "/glossary?term=umap");
  assert.deepEqual(visit.entries, [
    "http://here/generate?prompt=a+castle",
    "http://here/classes",
    "http://here/glossary?term=umap",
  ]);
});
