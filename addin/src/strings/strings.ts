// Words for people: the catalogue of the language in which Office is shown, and only that, is loaded.

import type { Key, Message, Value, Values } from "./message";

/** Forms by plural category (Unicode CLDR); `other` is always there. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
export type Catalogue = Record<Key, string | Plural>;

export const LANGUAGES: Record<string, () => Promise<Catalogue>> = {
  en: async () => (await import("./en")).en,
  de: async () => (await import("./de")).de,
  es: async () => (await import("./es")).es,
  fr: async () => (await import("./fr")).fr,
  ja: async () => (await import("./ja")).ja,
  pt: async () => (await import("./pt")).pt,
  zh: async () => (await import("./zh")).zh,
};

let tag = "en";
let catalogue: Partial<Catalogue> = {};
let plurals = new Intl.PluralRules("en");

/** Word everything in a language from now on: "de-AT". English, where there is no such catalogue. */
export async function useLanguage(asked: string): Promise<string> {
  const load = LANGUAGES[languageFor(asked)];
  if (load) use(asked, await load());
  else if (asked !== "en") await useLanguage("en");
  return tag;
}

/** Whether the catalogue has a sentence of this name: a newer server may have codes that it lacks. */
export function isKey(name: string): name is Key {
  return name in catalogue;
}

function use(language: string, words: Catalogue): void {
  tag = language;
  catalogue = words;
  plurals = new Intl.PluralRules(language);
}

/** The catalogue for a language tag. Traditional Chinese is another language than the one here. */
function languageFor(asked: string): string {
  const [language = "", ...rest] = asked.toLowerCase().split("-");
  const isTraditional = language === "zh" && rest.some((each) => ["tw", "hk", "mo", "hant"].includes(each));
  return isTraditional ? "en" : language;
}

/** Word a sentence. */
export function t(key: Key, values: Values = {}): string {
  const found = catalogue[key] ?? key;
  const form = typeof found === "string" ? found : formOf(found, Number(values["count"]));
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : wordsOf(value);
  });
}

/** Word a message of `state/`. */
export function words({ key, values }: Message): string {
  return t(key, values);
}

function formOf(plural: Plural, count: number): string {
  return plural[plurals.select(count)] ?? plural.other;
}

function wordsOf(value: Value): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return new Intl.NumberFormat(tag).format(value);
  if (value instanceof Date) return value.toLocaleDateString(tag, { day: "numeric", month: "long" });
  if (isMany(value)) return new Intl.ListFormat(tag, { type: "conjunction" }).format(value.map(words));
  return words(value);
}

function isMany(value: Message | readonly Message[]): value is readonly Message[] {
  return Array.isArray(value);
}
