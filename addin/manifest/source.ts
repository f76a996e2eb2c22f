// What both manifests say; addresses stand on a placeholder that the server replaces by its own.

import { readFileSync } from "node:fs";
import { ENGLISH } from "./words.ts";

/** Must be the one in web/routes/addin.py. */
export const ORIGIN = "https://crispdeck.example";

/** Stands for the id that the server derives from its address: one tenant may have two servers. */
export const ID = "6b8f0c1e-2a4d-4d8e-9f53-7c1d8a2e4b90";

/**
 * The version of the manifest for a version of the product. Office takes none below 1.0.0, and an
 * administrator's copy is renewed when it rises: so it rises with every release.
 */
export function manifestVersion(product: string): string {
  const [major = 0, minor = 0, patch = 0] = product.split(/[.-]/).map(Number);
  return [major + 1, minor, patch || 0].join(".");
}

const product = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };

export const MANIFEST = {
  id: ID,
  version: manifestVersion(product.version),
  name: "Crispdeck",
  fullName: ENGLISH.fullName,
  provider: "Crispdeck",
  locale: "en-US",
  short: ENGLISH.short,
  long: ENGLISH.long,
  accent: "#1F5FD6",
  /** The least that the pane needs; where there is less than 1.8 it makes a sharp copy. */
  requires: { name: "PowerPointApi", version: "1.1" },
  pane: `${ORIGIN}/addin/taskpane.html`,
  about: `${ORIGIN}/addin/`,
  privacy: `${ORIGIN}/privacy`,
  terms: `${ORIGIN}/terms`,
  support: `${ORIGIN}/support`,
  icon: (px: number) => `${ORIGIN}/addin/icons/icon-${px}.png`,
  iconSizes: [16, 32, 80],
  tab: "TabHome",
  group: ENGLISH.group,
  button: ENGLISH.button,
  tipTitle: ENGLISH.button,
  tip: ENGLISH.tip,
  startedTitle: ENGLISH.startedTitle,
  started: ENGLISH.started,
} as const;
