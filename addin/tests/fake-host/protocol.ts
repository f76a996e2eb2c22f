/** What the pane's side and PowerPoint's side say to each other. Everything can be cloned. */

import type { Profile } from "./profiles";
import type { TypeName } from "./surface";

/** One step from an object to another: a navigation, or a method that gives an object. */
export interface Step {
  name: string;
  args?: unknown[];
}

/** The way to an object from the presentation; [] is the presentation itself. */
export type Path = Step[];

export type Action =
  | { kind: "load"; path: Path; select: string[] }
  | { kind: "set"; path: Path; property: string; value: unknown }
  | { kind: "call"; path: Path; method: string; args: unknown[] }
  | { kind: "find"; path: Path };

/** What was loaded of an object. */
export interface Loaded {
  path: Path;
  isNull: boolean;
  scalars: Record<string, unknown>;
  navigations: Record<string, Loaded>;
  items?: Loaded[];
}

export interface Failure {
  code: string;
  message: string;
  /** "Slide.exportAsBase64": what went wrong where. */
  location: string;
  /** Which action of the batch it was. */
  action: number;
}

/** One answer per action, or the failure that ended the batch: then no answer counts. */
export type BatchAnswer = { results: unknown[] } | { failure: Failure };

export interface Boot {
  profile: Profile;
  theme: Theme;
  documentUrl: string;
  /** The language in which Office is shown: "de-DE". */
  language: string;
  /** Reading view, or a file marked as final (office-js 2512). */
  isReadOnly: boolean;
  settings: Record<string, unknown>;
}

export interface Theme {
  isDarkTheme: boolean;
  bodyBackgroundColor: string;
  bodyForegroundColor: string;
  controlBackgroundColor: string;
  controlForegroundColor: string;
}

/** A call of the Common API: `Document.getFileAsync` and its kin. */
export interface CommonAnswer {
  value?: unknown;
  error?: { name: string; code: number; message: string };
}

/** PowerPoint as the pane's side sees it. */
export interface Host {
  boot(): Promise<Boot>;
  batch(actions: Action[]): Promise<BatchAnswer>;
  common(name: string, args: unknown[]): Promise<CommonAnswer>;
  onEvent(listener: (event: HostEvent) => void): void;
}

export type HostEvent = { kind: "DocumentSelectionChanged" } | { kind: "theme"; theme: Theme };

export const ROOT: TypeName = "Presentation";
