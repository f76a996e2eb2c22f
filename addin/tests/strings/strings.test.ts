// The catalogue: whole in every language, with the plural forms of that language, and in step with
// what the server may say.
// @vitest-environment jsdom

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { PRESETS, TARGET_PPI } from "../../src/server/facts";
import { en } from "../../src/strings/en";
import { type Key, message } from "../../src/strings/message";
import { type Catalogue, LANGUAGES, t, useLanguage, words } from "../../src/strings/strings";

const here = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");
const keys = Object.keys(en) as Key[];
const formsOf = (found: Catalogue[Key]) => (typeof found === "string" ? [found] : Object.values(found));
const named = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort();

afterEach(() => useLanguage("en"));

describe.each(Object.keys(LANGUAGES))("%s", (language) => {
  it("names the thresholds that the server has", async () => {
    const catalogue = (await LANGUAGES[language]?.()) as Catalogue;
    const said = (key: Key) => formsOf(catalogue[key]).join(" ");
    for (const [preset, ppi] of Object.entries(PRESETS)) {
      expect(said(`settings.preset_${preset}` as Key)).toContain(String(ppi));
    }
    expect(said(`settings.target_${TARGET_PPI}` as Key)).toContain(String(TARGET_PPI));
  });
});

describe.each(Object.keys(LANGUAGES).filter((language) => language !== "en"))("%s", (language) => {
  it("has every sentence, and names the same values in each", async () => {
    const catalogue = (await LANGUAGES[language]?.()) as Catalogue;
    expect(Object.keys(catalogue).sort()).toEqual([...keys].sort());
    const wrong = keys.filter((key) => {
      const wanted = new Set(formsOf(en[key]).flatMap(named));
      const found = new Set(formsOf(catalogue[key]).flatMap(named));
      return [...wanted].sort().join() !== [...found].sort().join();
    });
    expect(wrong).toEqual([]);
  });

  it("has the plural forms that its rules ask for, and no others", async () => {
    const catalogue = (await LANGUAGES[language]?.()) as Catalogue;
    const rules = new Intl.PluralRules(language).resolvedOptions().pluralCategories as string[];
    for (const key of keys) {
      const found = catalogue[key];
      if (typeof found === "string") expect(typeof en[key]).toBe("string");
      else expect(Object.keys(found).filter((form) => !rules.includes(form))).toEqual([]);
      if (rules.includes("one") && typeof found !== "string") expect(found.one).toBeDefined();
    }
  });

  it("is not English, but for names and signs", async () => {
    const catalogue = (await LANGUAGES[language]?.()) as Catalogue;
    const same = keys.filter((key) => JSON.stringify(catalogue[key]) === JSON.stringify(en[key]));
    expect(same.filter((key) => /[a-z]{4}/i.test(formsOf(en[key]).join().replace(/\{\w+\}/g, "")))).toEqual(
      same.filter((key) => SAME_ANYWHERE.includes(key)),
    );
  });
});

// Words that some languages share with English.
const SAME_ANYWHERE: Key[] = [
  "welcome.code", "welcome.placeholder", "settings.server", "host.said", "copy.layout", "picture.sizes",
  "slide.title", "tabs.slide", "copy.slides", "deck.row", "count.slides",
];

describe("the language", () => {
  it.each([
    ["de-AT", "2 unscharfe Bilder auf Folie 7"],
    ["fr-CA", "2 images floues, diapositive 7"],
    ["es-MX", "2 imágenes borrosas en la diapositiva 7"],
    ["pt-BR", "2 imagens desfocadas no slide 7"],
    ["zh-CN", "幻灯片 7 上有 2 张模糊的图片"],
    ["ja-JP", "スライド 7 にぼやけた画像が 2 個"],
    ["en-GB", "2 blurred pictures on slide 7"],
    ["zh-TW", "2 blurred pictures on slide 7"],
    ["fi-FI", "2 blurred pictures on slide 7"],
  ])("is the one in which Office is shown: %s", async (tag, said) => {
    await useLanguage(tag);
    expect(t("slide.blurred", { count: 2, number: 7 })).toBe(said);
  });

  it("decides between plural forms by its own rules: French has none for zero", async () => {
    expect(t("deck.enhance", { count: 0 })).toBe("Enhance 0 pictures");
    await useLanguage("fr");
    expect(t("deck.enhance", { count: 0 })).toBe("Améliorer 0 image");
  });

  it("words numbers, dates, lists and sentences in sentences", async () => {
    await useLanguage("de-DE");
    const what = [message("lost.comments", { count: 1200 }), message("lost.links_out")];
    expect(words(message("ask.losses", { what }))).toContain("ihre 1.200 Kommentare und ihre Links");
    expect(t("card.until", { date: new Date(2030, 2, 5) })).toContain("5. März");
  });
});

describe("the server's codes", () => {
  it("of errors all have words", () => {
    const codes = [...here("../../../crispdeck/errors.py").matchAll(/^ {4}code = "(\w+)"/gm)].map(([, code]) => code);
    // These end a program on the server and never come over the network.
    const inside = ["output_exists", "file_access", "settings_invalid", "serve_impossible", "weights_invalid"];
    const others = ["upload_offset_mismatch", "idempotency_key_reused"]; // answers to what the pane does not ask
    const missing = codes.filter((code) => !(`server.${code}` in en) && ![...inside, ...others].includes(code ?? ""));
    expect(codes.length).toBeGreaterThan(25);
    expect(missing).toEqual([]);
  });

  it("of reasons all have words", () => {
    const types = here("../../src/server/api-types.ts");
    const reasons = [.../ Reason: ([^;]+);/.exec(types)?.[1]?.matchAll(/"(\w+)"/g) ?? []].map(([, code]) => code);
    expect(reasons.length).toBeGreaterThan(25);
    expect(reasons.filter((code) => !(`reason.${code}` in en))).toEqual([]);
  });
});

it("no sentence stands outside the catalogue", () => {
  const views = ["cards", "card", "copy-view", "deck-view", "settings-view", "welcome", "list", "compare", "live"];
  const english = views.flatMap((name) =>
    [...here(`../../src/views/${name}.ts`).replace(/\/\/.*|\/\*[^]*?\*\//g, "").matchAll(/"([A-Z][a-z]+ [^"]*)"/g)].map(([, text]) => text),
  );
  expect(english).toEqual([]);
});
