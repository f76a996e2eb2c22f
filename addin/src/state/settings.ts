// What the pane remembers, on this computer only: nothing is written into the document.

import { useKey, type Wishes } from "../server/api";
import { PRESETS, TARGET_PPI } from "../server/facts";
import { store, stored } from "./storage";

export type Preset = Wishes["preset"];

export interface Settings extends Wishes {
  /** API key; empty until the pane is connected. */
  key: string;
  /** What counts as blurred. */
  preset: Preset;
  /** How sharp a picture shall become, in pixels per inch on the slide. */
  targetPpi: number;
  /** How steep edges become, 0 (soft) to 1; null: as the server is set. */
  crispness: number | null;
  /** Look at slides without being asked. */
  suggest: boolean;
}

export const CRISPNESS = [null, 0, 0.5, 1] as const;
export const TARGETS = [150, TARGET_PPI, 330] as const;
export const PRESET_NAMES = Object.keys(PRESETS) as readonly Preset[];
const DEFAULTS: Settings = { key: "", preset: "normal", targetPpi: TARGET_PPI, crispness: null, suggest: true };

const SETTINGS = "settings";
const NEVER = "never";
const MOST_NEVER = 1000; // pictures; a list that is read at each look should stay short

let current: Settings | undefined;

/** Return the settings; what was stored and makes no sense is left out. */
export function settings(): Readonly<Settings> {
  if (current === undefined) {
    current = checked(stored(SETTINGS));
    useKey(current.key);
  }
  return current;
}

export function change(changes: Partial<Settings>): void {
  current = { ...settings(), ...changes };
  if (changes.key !== undefined) useKey(changes.key);
  store(SETTINGS, current);
}

function checked(kept: unknown): Settings {
  const given = (kept ?? {}) as Partial<Record<keyof Settings, unknown>>;
  return {
    key: typeof given.key === "string" ? given.key : DEFAULTS.key,
    preset: PRESET_NAMES.find((each) => each === given.preset) ?? DEFAULTS.preset,
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
  store(NEVER, [...never().filter((each) => each !== sha256), sha256].slice(-MOST_NEVER));
}

export function neverCount(): number {
  return never().length;
}

export function forgetNever(): void {
  store(NEVER, []);
}

function never(): string[] {
  const kept = stored(NEVER);
  return Array.isArray(kept) ? kept.filter((each) => typeof each === "string") : [];
}
