// What both manifests say; addresses stand on a placeholder that the server replaces by its own.

/** Must be the one in web/routes/addin.py. */
export const ORIGIN = "https://crispdeck.example";

export const MANIFEST = {
  id: "6b8f0c1e-2a4d-4d8e-9f53-7c1d8a2e4b90",
  version: "0.1.0",
  name: "Crispdeck",
  fullName: "Crispdeck: sharp pictures",
  provider: "Crispdeck",
  locale: "en-US",
  short: "Makes blurred pictures on your slides sharp.",
  long: "Finds pictures that will look blurred in the show and makes them sharp on the slide, with one click, and with one click back. Crop, effects and animations stay.",
  accent: "#1F5FD6",
  /** The least that the pane needs; where there is less than 1.8 it makes a sharp copy. */
  requires: { name: "PowerPointApi", version: "1.1" },
  pane: `${ORIGIN}/addin/taskpane.html`,
  about: `${ORIGIN}/addin/`,
  icon: (px: number) => `${ORIGIN}/addin/icons/icon-${px}.png`,
  iconSizes: [16, 32, 80],
  tab: "TabHome",
  group: "Crispdeck",
  button: "Sharpen pictures",
  tipTitle: "Sharpen pictures",
  tip: "Show which pictures will look blurred, and make them sharp.",
  startedTitle: "Crispdeck is ready",
  started: "Open it with Sharpen pictures on the Home tab.",
} as const;
