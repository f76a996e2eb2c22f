/** A PowerPoint with one deck open: what the pane talks to, and what a test takes in hand. */

import { base64, bytesOf } from "../base64";
import { Deck } from "../deck/deck";
import type { Profile, ProfileName } from "../profiles";
import { PROFILES } from "../profiles";
import type { Boot, Host, HostEvent, Theme } from "../protocol";
import { CommonApi } from "./common";
import { type Edit, perform } from "./edits";
import { type Call, Engine } from "./engine";
import { type Rule, Rules } from "./rules";
import { type Painter, Session } from "./session";

export interface Options {
  profile: ProfileName;
  /** The address of the document, as Office.context.document.url has it. */
  url?: string;
  theme?: Theme;
  language?: string;
  isReadOnly?: boolean;
  /** What the file carries for the add-in from its last time. */
  settings?: Record<string, unknown>;
  /** A deck may be opened by another program than a browser: then nothing is drawn. */
  painter?: Painter;
}

export const LIGHT: Theme = {
  isDarkTheme: false,
  bodyBackgroundColor: "#FFFFFF",
  bodyForegroundColor: "#000000",
  controlBackgroundColor: "#FFFFFF",
  controlForegroundColor: "#000000",
};

export const DARK: Theme = {
  isDarkTheme: true,
  bodyBackgroundColor: "#262626",
  bodyForegroundColor: "#FFFFFF",
  controlBackgroundColor: "#3B3B3B",
  controlForegroundColor: "#FFFFFF",
};

export class PowerPoint implements Host {
  readonly session: Session;
  readonly engine: Engine;
  readonly rules = new Rules();
  readonly profile: Profile;
  private readonly api: CommonApi;
  private readonly listeners: ((event: HostEvent) => void)[] = [];
  private theme: Theme;
  private readonly url: string;
  private readonly language: string;

  constructor(deck: string, options: Options) {
    this.profile = PROFILES[options.profile];
    this.theme = options.theme ?? LIGHT;
    this.url = options.url ?? "https://contoso.sharepoint.com/decks/talk.pptx";
    this.language = options.language ?? "en-US";
    this.session = new Session(Deck.read(bytesOf(deck)), this.url, options.painter);
    this.session.isReadOnly = options.isReadOnly ?? false;
    Object.assign(this.session.settings, options.settings);
    this.engine = new Engine(this.session, this.profile, this.rules);
    this.api = new CommonApi(this.engine, this.session, this.profile);
    this.session.onSelection(() => {
      if (this.profile.selectionEvents) this.emit({ kind: "DocumentSelectionChanged" });
    });
  }

  boot(): Promise<Boot> {
    const { profile, theme } = this;
    return Promise.resolve({
      profile,
      theme,
      documentUrl: this.url,
      language: this.language,
      isReadOnly: this.session.isReadOnly,
      settings: structuredClone(this.session.settings),
    });
  }

  batch: Host["batch"] = (actions) => this.engine.batch(actions);

  common: Host["common"] = (name, args) => this.api.call(name, args);

  onEvent(listener: (event: HostEvent) => void): void {
    this.listeners.push(listener);
  }

  // What a test does.

  /** The deck as File > Save would write it, in base64. */
  save(): string {
    return base64(this.session.deck.pkg.write());
  }

  do(edit: Edit): string | undefined {
    return perform(this.session, edit);
  }

  /** Ctrl+Z. */
  undo(): void {
    this.session.undo();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.emit({ kind: "theme", theme });
  }

  addRule(rule: Rule): void {
    this.rules.add(rule);
  }

  /** What a test may want to know at the end. */
  report(): {
    calls: Call[];
    refusals: string[][];
    opened: string[];
    windows: string[];
    settings: Record<string, unknown>;
    unmet: Rule[];
    openFiles: number;
    saves: number;
    selection: { slides: number[]; shapes: string[] };
    slides: string[];
  } {
    const { session } = this;
    return {
      calls: this.engine.calls,
      refusals: session.refusals,
      opened: session.opened,
      windows: session.windows,
      settings: session.settings,
      unmet: this.rules.unmet(),
      openFiles: this.api.openFiles,
      saves: this.engine.saves,
      selection: session.selection,
      slides: session.deck.slides().map((slide) => session.deck.idOf(slide)),
    };
  }

  private emit(event: HostEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}
