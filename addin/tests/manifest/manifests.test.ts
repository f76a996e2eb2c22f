// Both manifests say the same, are well-formed, and keep the rules that can be checked offline.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Ajv from "ajv";
import { JSDOM } from "jsdom";
import { describe, expect, it } from "vitest";
import { ID, MANIFEST, manifestVersion, ORIGIN } from "../../manifest/source";
import { OTHERS } from "../../manifest/words";
import { languageFiles, unifiedManifest } from "../../manifest/unified";
import { xmlManifest } from "../../manifest/xml";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

interface Unified {
  manifestVersion: string;
  id: string;
  validDomains: string[];
  icons: Record<string, string>;
  extensions: { requirements: { capabilities: unknown }; runtimes: { code: { page: string } }[] }[];
}
const unified = JSON.parse(unifiedManifest()) as Unified;

const page = new JSDOM(xmlManifest(), { contentType: "text/xml" }).window.document;
const all = (name: string) => [...page.getElementsByTagNameNS("*", name)];
const value = (element: Element | undefined) => element?.getAttribute("DefaultValue") ?? "";

/** Microsoft's own schema, as its package for manifests ships it. */
function schemaOf({ manifestVersion: version }: Unified, kind = "MicrosoftTeams"): object {
  const entry = createRequire(import.meta.url).resolve("@microsoft/app-manifest");
  const root = entry.slice(0, entry.indexOf("app-manifest") + "app-manifest".length);
  const path = `build/json-schemas/teams/v${version}/${kind}.schema.json`;
  const found = JSON.parse(readFileSync(join(root, path), "utf8")) as Record<string, unknown>;
  delete found.$schema; // Ajv knows the draft without being told
  return found;
}

function addresses(text: string): string[] {
  return [...text.matchAll(/https?:\/\/[^"<\s]+/g)].map(([address]) => address);
}

function pngSize(path: string): [number, number] {
  const bytes = readFileSync(path);
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

describe("the unified manifest", () => {
  it("is valid by Microsoft's schema", () => {
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    const validate = ajv.compile(schemaOf(unified));
    validate(unified);
    expect(validate.errors ?? []).toEqual([]);
  });

  it.each(Object.entries(languageFiles()))("has valid words in %s", (_, text) => {
    // Microsoft's patterns are no Unicode ones.
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false });
    const validate = ajv.compile(schemaOf(unified, "MicrosoftTeams.Localization"));
    validate(JSON.parse(text));
    expect(validate.errors ?? []).toEqual([]);
  });

  it("serves older Office too: the admin center makes the other manifest from its alternates", () => {
    const [alternate] = (unified.extensions[0] as unknown as { alternates: { alternateIcons: object }[] }).alternates;
    expect(Object.keys(alternate?.alternateIcons ?? {})).toEqual(["icon", "highResolutionIcon"]);
  });

  it("would not be valid without its id", () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    expect(ajv.validate(schemaOf(unified), { ...unified, id: undefined })).toBe(false);
  });

  it("brings icons of the sizes that are asked for", () => {
    expect(pngSize(here("../../public/icons/color.png"))).toEqual([192, 192]);
    expect(pngSize(here("../../public/icons/outline.png"))).toEqual([32, 32]);
  });
});

describe("the XML manifest", () => {
  it("is well-formed, and its elements stand in the order of the schema", () => {
    expect(all("parsererror")).toEqual([]);
    expect([...page.documentElement.children].map((each) => each.localName)).toEqual([
      ...["Id", "Version", "ProviderName", "DefaultLocale", "DisplayName", "Description"],
      ...["IconUrl", "HighResolutionIconUrl", "SupportUrl", "AppDomains", "Hosts"],
      ...["Requirements", "DefaultSettings", "Permissions", "VersionOverrides"],
    ]);
  });

  it("has an id and a version of the right form", () => {
    expect(all("Id")[0]?.textContent).toMatch(/^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/);
    expect(all("Version")[0]?.textContent).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  });

  it.each([
    ["0.1.0", "1.1.0"],
    ["0.12.3", "1.12.3"],
    ["1.0.0", "2.0.0"],
    ["2.4.1-rc.1", "3.4.1"],
  ])("for the product's %s has version %s: Office takes none below 1.0.0", (product, version) => {
    expect(manifestVersion(product)).toBe(version);
  });

  it("has every text in every language", () => {
    for (const text of [...all("Description").slice(0, 1), ...all("String")]) {
      const locales = [...text.children].map((each) => each.getAttribute("Locale"));
      expect(locales).toEqual(Object.keys(OTHERS));
      for (const each of text.children) expect(each.getAttribute("Value")?.length).toBeLessThanOrEqual(250);
    }
  });

  it("names only resources that it brings, each once, with ids that are short enough", () => {
    const brought = ["Image", "Url", "String"].flatMap(all).filter((each) => each.hasAttribute("id"));
    const ids = brought.map((each) => each.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => id.length > 32)).toEqual([]);
    const named = [...page.querySelectorAll("[resid]")].map((each) => each.getAttribute("resid"));
    expect(named.filter((id) => !ids.includes(id ?? ""))).toEqual([]);
    expect(ids.filter((id) => !named.includes(id))).toEqual([]);
  });

  it("keeps its texts as short as Office shows them", () => {
    const texts = (kind: string) => all(kind).flatMap((each) => [...each.children]).map((each) => value(each));
    expect(texts("ShortStrings").filter((each) => each.length > 125)).toEqual([]);
    expect(texts("LongStrings").filter((each) => each.length > 250)).toEqual([]);
    expect(value(all("Description")[0]).length).toBeLessThanOrEqual(250);
  });

  it("points to icons that exist in the sizes that it says", () => {
    for (const image of all("Image").filter((each) => each.hasAttribute("DefaultValue"))) {
      const name = value(image).replace(`${ORIGIN}/addin/`, "");
      const px = Number(/icon-(\d+)/.exec(name)?.[1]);
      expect(pngSize(here(`../../public/${name}`))).toEqual([px, px]);
    }
  });
});

describe("both manifests", () => {
  it.each([
    ["XML", xmlManifest()],
    ["JSON", unifiedManifest()],
  ])("stand on one address alone: %s", (_, text) => {
    const foreign = addresses(text).filter(
      (each) =>
        !each.startsWith(`${ORIGIN}/`) &&
        each !== ORIGIN &&
        !/^http:\/\/(schemas\.microsoft\.com|www\.w3\.org)\/|^https:\/\/developer\.microsoft\.com\/json-schemas\//.test(each),
    );
    expect(foreign).toEqual([]);
  });

  it("are of one add-in that opens one page and asks for one requirement set", () => {
    expect(all("Id")[0]?.textContent).toBe(unified.id);
    const pages = [...all("SourceLocation")].map((each) => each.getAttribute("DefaultValue")).filter(Boolean);
    expect(pages).toEqual([MANIFEST.pane]);
    expect(unified.extensions[0]?.runtimes[0]?.code.page).toBe(MANIFEST.pane);
    const set = all("Set")[0];
    expect([{ name: set?.getAttribute("Name"), minVersion: set?.getAttribute("MinVersion") }]).toEqual(
      unified.extensions[0]?.requirements.capabilities,
    );
  });

  it("stand on the placeholder that the server replaces", () => {
    const route = readFileSync(here("../../../web/routes/addin.py"), "utf8");
    expect(route).toContain(`PLACEHOLDER = "${new URL(ORIGIN).host}"`);
    expect(route).toContain(`ID_PLACEHOLDER = "${ID}"`);
  });
});
