// The whole file and the program around it: what every PowerPoint with add-ins can do.
// Nothing here may need more than this (held by tests/requirements.test.ts).

import { HostError, hostError } from "./errors";

export const REQUIRES = "1.1";

// Larger slices are refused.
const SLICE_BYTES = 4 * 1024 * 1024;
const IPAD_SLICE_BYTES = 64 * 1024;

export interface Host {
  /** "PC", "Mac", "OfficeOnline", "iOS" … */
  platform: string;
  /** The language in which Office is shown: "de-DE". */
  language: string;
  /** Slides can be exported and put back: PowerPointApi 1.8. */
  canSwap: boolean;
  /** The picture of a background can be set in place: PowerPointApi 1.10. */
  canSetBackground: boolean;
  /** A new presentation can be opened from bytes: PowerPointApi 1.1. */
  canOpenCopy: boolean;
  /** A link can save a file; it does nothing on Mac and iPad (office-js 2700). */
  canDownload: boolean;
  /** The deck is open for reading only: nothing can be replaced (office-js 2512). */
  isReadOnly: boolean;
}

/** Wait until Office is there. Raises HostError outside PowerPoint. */
export async function ready(): Promise<Host> {
  if (typeof Office === "undefined") {
    throw new HostError("no_office");
  }
  const info = await Office.onReady();
  if (info.host !== Office.HostType.PowerPoint) {
    throw new HostError("no_powerpoint");
  }
  const has = (version: string) =>
    Office.context.requirements.isSetSupported("PowerPointApi", version);
  const { context } = Office;
  return {
    platform: String(info.platform),
    language: context.displayLanguage || "en-US",
    canSwap: has("1.8"),
    canSetBackground: has("1.10"),
    canOpenCopy: has("1.1"),
    canDownload: info.platform === Office.PlatformType.OfficeOnline || info.platform === Office.PlatformType.PC,
    isReadOnly: String(context.document.mode) === "readOnly",
  };
}

/** Is Office shown in dark colours? Undefined where it does not say. */
export function isDark(): boolean | undefined {
  const theme = Office.context.officeTheme as Office.OfficeTheme | undefined;
  return theme?.isDarkTheme;
}

/** The address of the open file; "" where it has none yet. */
export function documentAddress(): string {
  return Office.context.document.url || "";
}

/** Name the open file for people: "talk.pptx". */
export function documentName(): string {
  const address = documentAddress();
  const last = address.split(/[\\/]/).pop()?.split("?")[0] ?? "";
  try {
    return decodeURIComponent(last) || "Presentation.pptx";
  } catch {
    return last || "Presentation.pptx";
  }
}

/** Call `listener` when the selection changes, where PowerPoint tells. */
export function onSelectionChanged(listener: () => void): void {
  Office.context.document.addHandlerAsync(Office.EventType.DocumentSelectionChanged, listener);
}

/**
 * Read the whole file as PowerPoint would save it now.
 * Gives undefined where it is larger than `maxBytes`. Raises HostError.
 */
export async function readFile(
  maxBytes: number,
  progress: (fraction: number) => void = () => undefined,
): Promise<Uint8Array[] | undefined> {
  const isIpad = Office.context.platform === Office.PlatformType.iOS;
  const sliceSize = isIpad ? IPAD_SLICE_BYTES : SLICE_BYTES;
  const file = await asked<Office.File>((done) =>
    Office.context.document.getFileAsync(Office.FileType.Compressed, { sliceSize }, done),
  );
  try {
    if (file.size > maxBytes) return undefined;
    const slices: Uint8Array[] = [];
    for (let index = 0; index < file.sliceCount; index++) {
      const slice = await asked<Office.Slice>((done) => file.getSliceAsync(index, done));
      slices.push(new Uint8Array(slice.data as ArrayLike<number>));
      progress((index + 1) / file.sliceCount);
    }
    return slices;
  } finally {
    file.closeAsync(); // the host keeps two open files at most
  }
}

/** Open a deck in a window of its own; nothing of the present one changes. Raises HostError. */
export async function openCopy(base64: string): Promise<void> {
  try {
    await PowerPoint.createPresentation(base64);
  } catch (error) {
    throw hostError(error, "copy_refused");
  }
}

function asked<T>(call: (done: (result: Office.AsyncResult<T>) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((result) => {
      if (result.status === Office.AsyncResultStatus.Succeeded) resolve(result.value);
      else reject(new HostError("host_refused", result.error.message));
    });
  });
}
