import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../../../web/static/api.js";
import { mayPass, Uploads } from "../../../web/static/uploads.js";

/** A request that is on its way for ever. */
class Pending {
  upload = {};
  open() {}
  setRequestHeader() {}
  send() {}
}

beforeEach(() => {
  vi.stubGlobal("fetch", () => new Promise(() => {}));
  vi.stubGlobal("XMLHttpRequest", Pending);
});
afterEach(() => vi.unstubAllGlobals());

/** @param {string} name */
const found = (name, folder = "") => ({ file: new File(["bytes"], name), folder });

/** @param {Uploads} uploads */
const states = (uploads) => uploads.entries.map(({ state }) => state);

/** @type {any} */
const KNOWN = { id: "u1", name: "a.pptx", folder: "", size_bytes: 5, offset_bytes: 3 };

describe("uploads", () => {
  it("go three at a time, the others wait", () => {
    const uploads = new Uploads(() => {});
    for (let number = 0; number < 5; number += 1) uploads.add("b", found(`${number}.pptx`));
    expect(states(uploads)).toEqual(["sending", "sending", "sending", "waiting", "waiting"]);
    expect(uploads.open).toHaveLength(5);
  });

  it("begin where plain http gives the browser no crypto.randomUUID", () => {
    vi.stubGlobal("crypto", {});
    const uploads = new Uploads(() => {});
    uploads.add("b", found("a.pptx"));
    uploads.add("b", found("b.pptx"));
    expect(new Set(uploads.entries.map(({ drop }) => drop)).size).toBe(2);
  });

  it("are all stopped at once, and said so", () => {
    const told = vi.fn();
    const uploads = new Uploads(told);
    uploads.add("b", found("a.pptx"));
    uploads.cancel();
    expect(states(uploads)).toEqual(["stopped"]);
    expect(uploads.open).toEqual([]);
    expect(told).toHaveBeenCalled();
  });

  it("that have lost their file go on with the same one chosen again, and with no other", async () => {
    const uploads = new Uploads(() => {});
    await uploads.resume("b", KNOWN);
    expect(states(uploads)).toEqual(["lost"]);
    expect(uploads.adopt(found("b.pptx"))).toBe(false);
    expect(uploads.adopt(found("a.pptx", "elsewhere"))).toBe(false);
    expect(uploads.adopt(found("a.pptx"))).toBe(true);
    expect(states(uploads)).toEqual(["sending"]); // none of it has arrived
    expect(uploads.entries[0].sent).toBe(3);
  });

  it("are not taken up twice, nor while one of the same name is being born here", async () => {
    const uploads = new Uploads(() => {});
    await uploads.resume("b", KNOWN);
    await uploads.resume("b", KNOWN);
    expect(uploads.entries).toHaveLength(1);
    uploads.add("b", found("new.pptx"));
    await uploads.resume("b", { ...KNOWN, id: "u2", name: "new.pptx" });
    expect(uploads.entries).toHaveLength(2);
  });

  it("without a file that the server forgot are dropped", async () => {
    const uploads = new Uploads(() => {});
    await uploads.resume("b", KNOWN);
    uploads.keepOnly(new Set(["u1"]));
    expect(uploads.entries).toHaveLength(1);
    uploads.keepOnly(new Set());
    expect(uploads.entries).toEqual([]);
  });
});

it.each([
  [{ code: "offline" }, 0, true],
  [{ code: "upload_offset_mismatch", status: 409 }, 0, true],
  [{ status: 503 }, 0, true],
  [{ code: "limit_reached", status: 429 }, 60, true],
  [{ code: "limit_reached", status: 429 }, 61, false],
  [{ code: "deck_encrypted", status: 422 }, 0, false],
  [{ code: "unauthenticated", status: 401 }, 0, false],
])("%o after %d s: trying again helps: %s", (members, retryAfter, helps) => {
  expect(mayPass(Object.assign(new Problem(members), { retryAfter }))).toBe(helps);
});
