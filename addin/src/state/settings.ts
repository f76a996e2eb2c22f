// What the pane remembers, on this computer only: nothing is written into the document.

export type Preset = "strict" | "normal" | "wide";

export interface Settings {
  /** API key; empty until the pane is connected. */
  key: string;
  /** What counts as blurred: below 72, 110 or 150 ppi. */
  preset: Preset;
  /** How sharp a picture shall become, in pixels per inch on the slide. */
  targetPpi: number;
  /** How steep edges become, 0 (soft) to 1; null: as the server is set. */
  crispness: number | null;
  /** Look at slides without being asked. */
  suggest: boolean;
}

export const CRISPNESS = [null, 0, 0.5, 1] as const;
export const TARGETS = [150, 220, 330] as const;
const PRESETS: readonly Preset[] = ["strict", "normal", "wide"];
const DEFAULTS: Settings = { key: "", preset: "normal", targetPpi: 220, crispness: null, suggest: true };

// Other add-ins of the same origin share the storage.
const SETTINGS = "crispdeck.addin.settings";
const NEVER = "crispdeck.addin.never";
const MOST_NEVER = 1000;

function read(name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null");
  } catch {
    return null; // no storage in this browser, or somebody else's text
  }
}

function write(name: string, value: unknown): void {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Private windows may refuse: the setting then lasts as long as the pane.
  }
}

let current: Settings | undefined;

/** Return the settings; what was stored and makes no sense is left out. */
export function settings(): Readonly<Settings> {
  current ??= checked(read(SETTINGS));
  return current;
}

export function change(changes: Partial<Settings>): void {
  current = { ...settings(), ...changes };
  write(SETTINGS, current);
}

function checked(stored: unknown): Settings {
  const given = (stored ?? {}) as Partial<Record<keyof Settings, unknown>>;
  return {
    key: typeof given.key === "string" ? given.key : DEFAULTS.key,
    preset: PRESETS.find((each) => each === given.preset) ?? DEFAULTS.preset,
    targetPpi: TARGETS.find((each) => each === given.targetPpi) ?? DEFAULTS.targetPpi,
    crispness: CRISPNESS.find((each) => each === given.crispness) ?? DEFAULTS.crispness,
    suggest: typeof given.suggest === "boolean" ? given.suggest : DEFAULTS.suggest,
  };
}

/** Pictures that the user never wants to be asked about, by the hash of their content. */
export function isNever(sha256: string): boolean {
  return never().includes(sha256);
}

export function setNever(sha256: string): void {
  write(NEVER, [...never().filter((each) => each !== sha256), sha256].slice(-MOST_NEVER));
}

export function neverCount(): number {
  return never().length;
}

export function forgetNever(): void {
  write(NEVER, []);
}

function never(): string[] {
  const stored = read(NEVER);
  return Array.isArray(stored) ? stored.filter((each) => typeof each === "string") : [];
}

/** Forget what was read, so that the next look reads it again. For tests. */
export function reread(): void {
  current = undefined;
}
