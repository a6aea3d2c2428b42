// @ts-check
import assert from "node:assert/strict";
import test from "node:test";

import { framePosition, nextStep } from "#film_player/frames.js";

test("the first and the last frame lie at the ends of the strip", () => {
  assert.deepEqual(
    [0, 1, 4].map((step) => framePosition(step, 5)),
    ["0% 0", "25% 0", "100% 0"],
  );
  assert.equal(framePosition(0, 1), "0% 0");
});

test("a film is played there and back", () => {
  let state = nextStep(0, 1, 3);
  const steps = [state.step];
  for (let i = 0; i < 5; i++) {
    state = nextStep(state.step, state.direction, 3);
    steps.push(state.step);
  }
  assert.deepEqual(steps, [1, 2, 1, 0, 1, 2]);
});

test("a film of one frame stays there", () => {
  assert.equal(nextStep(0, 1, 1).step, 0);
});
