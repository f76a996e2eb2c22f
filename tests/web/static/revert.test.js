// Which decks count as made sharp, and how what comes back is called.

import { expect, test } from "vitest";

import { isSharpened, revertedName } from "../../../web/static/revert.js";
import { revertButton, revertFacts } from "../../../web/static/sentences.js";

test.each(["talk.crisp.pptx", "Talk.CRISP.PPTM", "talk.crisp (2).pptx", "talk.crisp(1).potx"])(
  "%s was made sharp here",
  (name) => expect(isSharpened(name)).toBe(true),
);

test.each(["talk.pptx", "crisp.pptx", "talk.crisp.pdf", "talk.crisp.zip", "talk.crisp.old.pptx"])(
  "%s is a deck like any other",
  (name) => expect(isSharpened(name)).toBe(false),
);

test("what comes back has a name of its own", () => {
  expect(revertedName("talk.crisp.pptx")).toBe("talk.reverted.pptx");
  expect(revertedName("talk.crisp (2).pptx")).toBe("talk.reverted (2).pptx");
  expect(revertedName("renamed.pptx")).toBe("renamed.reverted.pptx");
});

test("the button says how many, and what to do where none is ticked", () => {
  expect(revertButton(1)).toBe("Save it with 1 original picture");
  expect(revertButton(3)).toBe("Save it with 3 original pictures");
  expect(revertButton(0)).toContain("Tick");
  expect(revertFacts(0, undefined)).toContain("No original");
});
