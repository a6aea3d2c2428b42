// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { keepEntriesForPlaces } from "#theme/history.js";

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
  keepEntriesForPlaces(visit, visit, () => clock, ["prompt", "step"]);
});

test("a page that is left keeps its address, and is one entry", () => {
  visit.pushState({}, "", "/generate");
  visit.pushState({}, "", "/classes");
  assert.deepEqual(visit.entries, ["http://here/generate?prompt=a+castle", "http://here/classes"]);
});

test("a page that is left keeps its address where the next one's choices come one after the other", () => {
  visit.pushState({}, "", "/generate?term=umap");
  visit.pushState({}, "", "/generate?term=umap&mapping=Ridge");
  visit.pushState({}, "", "/glossary?term=umap&mapping=Ridge");
  assert.deepEqual(visit.entries, [
    "http://here/generate?prompt=a+castle",
    "http://here/glossary?term=umap&mapping=Ridge",
  ]);
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

test("sentences and steps at which a visitor stayed have entries of their own", () => {
  visit.replaceState({}, "", "/generate?prompt=a"); // as typed, a letter at a time
  clock += 100;
  visit.replaceState({}, "", "/generate?prompt=a+cat");
  clock += 5000;
  visit.pushState({}, "", "/generate?prompt=a+cat&step=2"); // by a button
  assert.deepEqual(visit.entries, [
    "http://here/generate?prompt=a+castle",
    "http://here/generate?prompt=a+cat",
    "http://here/generate?prompt=a+cat&step=2",
  ]);
});

test("a visitor can stay at a page without any choice in its address", () => {
  visit.entries = ["http://here/lesson?step=2"];
  visit.replaceState({}, "", "/lesson");
  clock += 5000;
  visit.replaceState({}, "", "/lesson?step=3");
  assert.deepEqual(visit.entries, ["http://here/lesson?step=2", "http://here/lesson", "http://here/lesson?step=3"]);
});

test("other choices change the entry that is there", () => {
  visit.replaceState({}, "", "/generate?prompt=a+castle&noise=2");
  clock += 5000;
  visit.pushState({}, "", "/generate?prompt=a+castle&noise=3");
  assert.deepEqual(visit.entries, ["http://here/generate?prompt=a+castle&noise=3"]);
});

test("what a visitor chose just before the page was left is kept", () => {
  visit.pushState({}, "", "/generate?noise=2");
  clock += 1000;
  visit.replaceState({}, "", "/generate?noise=3");
  visit.pushState({}, "", "/classes");
  assert.deepEqual(visit.entries, ["http://here/generate?noise=3", "http://here/classes"]);
});

test("what a link and the sidebar both put into an address stands there once", () => {
  visit.pushState({}, "", "/classes?mapping=Ridge&group=cat&mapping=Ridge&group=dog");
  assert.equal(visit.href, "http://here/classes?mapping=Ridge&group=cat&group=dog");
});
