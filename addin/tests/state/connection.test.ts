// How the pane gets its key: by a code, by signing in, or as its manifest says.
// @vitest-environment jsdom
// @vitest-environment-options { "url": "https://crisp.test/addin/taskpane.html?connect=cd_deployed&domain_hint=contoso.com" }

import { beforeEach, expect, it, vi } from "vitest";

const dialog = vi.hoisted(() => ({ asked: [] as string[], answer: "" as string | undefined }));
vi.mock("../../src/host/windows", () => ({
  askInDialog: (address: string) => {
    dialog.asked.push(address);
    return Promise.resolve(dialog.answer);
  },
}));

const server = vi.hoisted(() => ({ requests: [] as { path: string; key: string | null; body: unknown }[] }));

let road: typeof import("../../src/state/connection");
let settings: typeof import("../../src/state/settings");

beforeEach(async () => {
  localStorage.clear();
  dialog.asked.length = server.requests.length = 0;
  vi.resetModules();
  vi.stubGlobal("fetch", (address: string, request: RequestInit) => {
    const headers = request.headers as Record<string, string>;
    const body = typeof request.body === "string" ? (JSON.parse(request.body) as unknown) : undefined;
    server.requests.push({ path: address, key: headers["Authorization"] ?? null, body });
    const answers: Record<string, unknown> = {
      "/api/v1/pairings": { code: "BCDF-GHJK", expires_at: "2030-01-01T00:00:00Z" },
      "/api/v1/pairings/ways": { sign_in: true },
      "/api/v1/pairings/exchange": { key: "cd_mine" },
      "/api/v1/limits": {},
    };
    return Promise.resolve(new Response(JSON.stringify(answers[address])));
  });
  road = await import("../../src/state/connection");
  settings = await import("../../src/state/settings");
});

it("the key of the manifest makes a code, and the code becomes the pane's own key", async () => {
  expect(await road.ways()).toEqual({ signIn: true, deployed: true });
  expect(await road.connectAsDeployed("PC", false)).toBe(true);
  expect(settings.settings().key).toBe("cd_mine");
  const asked = server.requests.map(({ path, key }) => [path, key]);
  expect(asked).toContainEqual(["/api/v1/pairings", "Bearer cd_deployed"]);
  expect(asked).toContainEqual(["/api/v1/limits", "Bearer cd_mine"]);
  expect(JSON.stringify(localStorage)).not.toContain("cd_deployed");
});

it("who has left is not connected again without a click", async () => {
  await road.connectAsDeployed("PC", false);
  road.disconnect();
  expect(await road.connectAsDeployed("PC", false)).toBe(false);
  expect(settings.settings().key).toBe("");
  expect(await road.connectAsDeployed("PC", true)).toBe(true);
  expect(await road.connectAsDeployed("PC", false)).toBe(true);
});

it("whoever signs in gets a key by the code that the dialog brings", async () => {
  dialog.answer = "code=BCDF-GHJK";
  await road.signIn("Mac");
  expect(dialog.asked).toEqual(["https://crisp.test/addin/sign-in?domain_hint=contoso.com"]);
  const exchanged = server.requests.find(({ path }) => path.endsWith("/exchange"));
  expect(exchanged?.body).toEqual({ code: "BCDF-GHJK", name: "PowerPoint (Mac)" });
  expect(settings.settings().key).toBe("cd_mine");
});

it.each([
  ["closed", undefined],
  ["forbidden", "problem=forbidden"],
  ["unknown", ""],
])("nobody is connected where the dialog ends with %s", async (code, answer) => {
  dialog.answer = answer;
  await expect(road.signIn("PC")).rejects.toMatchObject({ name: "SignInError", code });
  expect(settings.settings().key).toBe("");
});
