/** The globals that Office.js gives a pane: `Office`, `PowerPoint`, `OfficeExtension`. */

import type { Boot, CommonAnswer, Host } from "../protocol";
import { makeRun, RequestContext } from "./context";
import { ApiError } from "./errors";

type Callback = (result: AsyncResult) => void;

interface AsyncResult {
  status: "succeeded" | "failed";
  value: unknown;
  error: CommonAnswer["error"];
  asyncContext: unknown;
}

/** What goes on `globalThis`. */
export interface Globals {
  Office: Record<string, unknown>;
  PowerPoint: Record<string, unknown>;
  OfficeExtension: Record<string, unknown>;
}

const SETS: Record<string, (boot: Boot) => number> = {
  PowerPointApi: (boot) => boot.profile.api,
  ImageCoercion: () => 1,
  File: () => 1,
  CompressedFile: () => 1,
  Settings: () => 1,
  DialogApi: () => 2,
  OpenBrowserWindowApi: ({ profile }) => (["PC", "Mac"].includes(profile.platform) ? 1 : 0),
  SharedRuntime: ({ profile }) => (profile.platform === "iOS" ? 0 : 1),
  AddinCommands: () => 1,
};

/** Make the globals and start them, as loading office.js does. */
export function makeGlobals(host: Host): Globals {
  const office: Record<string, unknown> = {
    PlatformType: enumeration("PC", "OfficeOnline", "Mac", "iOS", "Android", "Universal"),
    HostType: enumeration("Word", "Excel", "PowerPoint", "Outlook"),
    FileType: { Text: "text", Compressed: "compressed", Pdf: "pdf" },
    CoercionType: { Text: "text", SlideRange: "slideRange", Image: "image" },
    AsyncResultStatus: { Succeeded: "succeeded", Failed: "failed" },
    EventType: {
      DocumentSelectionChanged: "documentSelectionChanged",
      DialogMessageReceived: "dialogMessageReceived",
      DialogEventReceived: "dialogEventReceived",
      ActiveViewChanged: "activeViewChanged",
    },
    GoToType: { Slide: "slide", Index: "index" },
    VisibilityMode: { hidden: "Hidden", taskpane: "Taskpane" },
    StartupBehavior: { none: "None", load: "Load" },
    ThemeId: { Colorful: 0, DarkGray: 1, Black: 2, White: 3 },
    actions: { associate: () => undefined },
  };
  const powerpoint: Record<string, unknown> = {};
  const ready = host.boot().then((boot) => {
    fill(office, powerpoint, host, boot);
    return { host: "PowerPoint", platform: boot.profile.platform };
  });
  office["onReady"] = (callback?: (info: unknown) => unknown) =>
    ready.then((info) => {
      callback?.(info);
      return info;
    });
  const extension = { Error: ApiError };
  return { Office: office, PowerPoint: powerpoint, OfficeExtension: extension };
}

function fill(
  office: Record<string, unknown>,
  powerpoint: Record<string, unknown>,
  host: Host,
  boot: Boot,
): void {
  const { profile } = boot;
  const handlers = new Map<string, Set<(args: unknown) => void>>();
  const theme: Record<string, unknown> = { ...boot.theme };
  host.onEvent((event) => {
    // A theme change comes without an event: the pane has to look again.
    if (event.kind === "theme") Object.assign(theme, event.theme);
    else for (const handler of handlers.get("documentSelectionChanged") ?? []) handler({});
  });
  const isSetSupported = (name: string, version: string | number = "1.1"): boolean => {
    const highest = SETS[name]?.(boot) ?? 0;
    const [major, minor = 0] = String(version).split(".").map(Number);
    return major === 1 && highest > 0 && minor <= highest;
  };
  office["context"] = {
    host: "PowerPoint",
    platform: profile.platform,
    diagnostics: { host: "PowerPoint", platform: profile.platform, version: profile.version },
    displayLanguage: boot.language,
    contentLanguage: "en-US",
    officeTheme: theme,
    requirements: { isSetSupported },
    document: makeDocument(host, boot, handlers),
    ui: {
      displayDialogAsync: (url: string, ...rest: unknown[]) => displayDialog(url, boot, rest),
      openBrowserWindow: (url: string) => void host.common("UI.openBrowserWindow", [url]),
    },
  };
  office["isSetSupported"] = isSetSupported;
  office["addin"] = {
    onVisibilityModeChanged: () => Promise.resolve(() => Promise.resolve()),
    setStartupBehavior: () => Promise.resolve(),
    getStartupBehavior: () => Promise.resolve("None"),
    showAsTaskpane: () => Promise.resolve(),
    hide: () => Promise.resolve(),
  };
  powerpoint["RequestContext"] = RequestContext;
  powerpoint["run"] = makeRun(host, profile.api);
  powerpoint["createPresentation"] = async (deck: string): Promise<void> => {
    const answer = await host.common("PowerPoint.createPresentation", [deck]);
    if (answer.error) throw new ApiError(answer.error.name, answer.error.message);
  };
}

/** A window of its own, as on the web; its first page must be of the pane's origin. */
function displayDialog(url: string, boot: Boot, rest: unknown[]): void {
  if (new URL(url).origin !== location.origin) {
    settle(rest, { error: { name: "Invalid domain", code: 12004, message: "The domain is not trusted." } });
    return;
  }
  const opened = window.open(url, dialogName(boot), "width=480,height=640");
  if (opened === null) {
    settle(rest, { error: { name: "Blocked", code: 12009, message: "The user ignored the dialog box." } });
    return;
  }
  const handlers = new Map<string, (event: unknown) => void>();
  const listen = ({ data, source, origin }: MessageEvent<{ fromDialog?: string }>): void => {
    if (source !== opened || origin !== location.origin || typeof data.fromDialog !== "string") return;
    handlers.get("dialogMessageReceived")?.({ message: data.fromDialog });
  };
  window.addEventListener("message", listen);
  const watch = setInterval(() => {
    if (!opened.closed) return;
    end();
    handlers.get("dialogEventReceived")?.({ error: 12006 });
  }, 100);
  const end = (): void => {
    clearInterval(watch);
    window.removeEventListener("message", listen);
  };
  const close = (): void => {
    end();
    opened.close();
  };
  const addEventHandler = (type: string, handler: (event: unknown) => void) => handlers.set(type, handler);
  settle(rest, { value: { close, addEventHandler } });
}

const DIALOG = "office-dialog ";

function dialogName({ profile, language }: Boot): string {
  return DIALOG + JSON.stringify({ platform: profile.platform, language });
}

/** The globals inside a dialog: nothing of the document, and a way to the pane. */
export function makeDialogGlobals(name: string): Globals | undefined {
  if (!name.startsWith(DIALOG)) return undefined;
  const { platform, language } = JSON.parse(name.slice(DIALOG.length)) as { platform: string; language: string };
  const info = { host: "PowerPoint", platform };
  const Office = {
    PlatformType: enumeration("PC", "OfficeOnline", "Mac", "iOS", "Android", "Universal"),
    HostType: enumeration("Word", "Excel", "PowerPoint", "Outlook"),
    onReady: () => Promise.resolve(info),
    context: {
      ...info,
      displayLanguage: language,
      document: {},
      requirements: { isSetSupported: () => false },
      ui: {
        messageParent: (message: string) => {
          (window.opener as Window).postMessage({ fromDialog: message }, location.origin);
        },
      },
    },
  };
  return { Office, PowerPoint: {}, OfficeExtension: {} };
}

function makeDocument(
  host: Host,
  boot: Boot,
  handlers: Map<string, Set<(args: unknown) => void>>,
): Record<string, unknown> {
  const ask = asker(host);
  const settings: Record<string, unknown> = structuredClone(boot.settings);
  return {
    url: boot.documentUrl,
    mode: boot.isReadOnly ? "readOnly" : "readWrite",
    addHandlerAsync: (type: string, handler: (args: unknown) => void, ...rest: unknown[]) => {
      handlers.set(type, (handlers.get(type) ?? new Set()).add(handler));
      settle(rest, { value: undefined });
    },
    removeHandlerAsync: (type: string, ...rest: unknown[]) => {
      const [options] = rest as [{ handler?: (args: unknown) => void } | undefined];
      if (options?.handler) handlers.get(type)?.delete(options.handler);
      else handlers.delete(type);
      settle(rest, { value: undefined });
    },
    getFileAsync: (type: string, ...rest: unknown[]) => {
      const options = typeof rest[0] === "object" ? rest[0] : {};
      ask("Document.getFileAsync", [type, options], rest, (value) => makeFile(host, value));
    },
    getSelectedDataAsync: (type: string, ...rest: unknown[]) => {
      ask("Document.getSelectedDataAsync", [type], rest);
    },
    goToByIdAsync: (id: unknown, type: unknown, ...rest: unknown[]) => {
      ask("Document.goToByIdAsync", [id, type], rest);
    },
    getFilePropertiesAsync: (...rest: unknown[]) => {
      ask("Document.getFilePropertiesAsync", [], rest);
    },
    settings: {
      get: (name: string) => settings[name] ?? null,
      set: (name: string, value: unknown) => {
        settings[name] = value;
      },
      remove: (name: string) => {
        delete settings[name];
      },
      saveAsync: (...rest: unknown[]) => {
        ask("Settings.saveAsync", [settings], rest);
      },
      refreshAsync: (...rest: unknown[]) => {
        settle(rest, { value: undefined });
      },
    },
  };
}

function makeFile(host: Host, value: unknown): Record<string, unknown> {
  const ask = asker(host);
  const { id, size, sliceCount } = value as { id: number; size: number; sliceCount: number };
  return {
    size,
    sliceCount,
    getSliceAsync: (index: number, ...rest: unknown[]) => {
      ask("File.getSliceAsync", [id, index], rest, (slice) => {
        const { data } = slice as { data: number[] };
        return { index, data, size: data.length };
      });
    },
    closeAsync: (...rest: unknown[]) => {
      ask("File.closeAsync", [id], rest);
    },
  };
}

function asker(host: Host) {
  return (
    name: string,
    args: unknown[],
    rest: unknown[],
    convert: (value: unknown) => unknown = (value) => value,
  ): void => {
    void host.common(name, args).then((answer) => {
      settle(rest, answer.error ? answer : { value: convert(answer.value) });
    });
  };
}

/** Give the answer to the callback, the last of the optional arguments. */
function settle(rest: unknown[], answer: CommonAnswer): void {
  const callback = rest.find((one) => typeof one === "function") as Callback | undefined;
  const options = rest.find((one) => typeof one === "object" && one !== null);
  callback?.({
    status: answer.error ? "failed" : "succeeded",
    value: answer.value,
    error: answer.error,
    asyncContext: (options as { asyncContext?: unknown } | undefined)?.asyncContext,
  });
}

function enumeration(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, name]));
}
