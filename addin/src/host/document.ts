// The whole file and the program around it: what every PowerPoint with add-ins can do.
// Nothing here may need more than this (held by tests/requirements.test.ts).

export const REQUIRES = "1.1";

// Larger slices are refused.
const SLICE_BYTES = 4 * 1024 * 1024;
const IPAD_SLICE_BYTES = 64 * 1024;

/** What went wrong in PowerPoint, with a stable code. */
export class HostError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "HostError";
  }
}

export interface Host {
  /** "PC", "Mac", "OfficeOnline", "iOS" … */
  platform: string;
  /** Slides can be exported and put back: PowerPointApi 1.8. */
  canSwap: boolean;
  /** A new presentation can be opened from bytes: PowerPointApi 1.1. */
  canOpenCopy: boolean;
}

/** Wait until Office is there. Raises HostError outside PowerPoint. */
export async function ready(): Promise<Host> {
  if (typeof Office === "undefined") {
    throw new HostError("no_office", "Office.js could not be loaded. Is this computer online?");
  }
  const info = await Office.onReady();
  if (info.host !== Office.HostType.PowerPoint) {
    throw new HostError("no_powerpoint", "This pane works inside PowerPoint only.");
  }
  const has = (version: string) =>
    Office.context.requirements.isSetSupported("PowerPointApi", version);
  return { platform: String(info.platform), canSwap: has("1.8"), canOpenCopy: has("1.1") };
}

/** Is Office shown in dark colours? Undefined where it does not say. */
export function isDark(): boolean | undefined {
  const theme = Office.context.officeTheme as Office.OfficeTheme | undefined;
  return theme?.isDarkTheme;
}

/** Name the open file for people: "talk.pptx". */
export function documentName(): string {
  const address = Office.context.document.url || "";
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
    throw new HostError("copy_refused", `PowerPoint did not open the copy: ${wordsOf(error)}`);
  }
}

/** Say what an error of the host says, in words of our own where its own would help nobody. */
export function wordsOf(error: unknown): string {
  const code = String((error as { code?: unknown } | undefined)?.code);
  if (code.endsWith("PayloadSizeLimitExceeded")) {
    return "The slide is larger than PowerPoint on the web lets pass. Open the file in PowerPoint for Windows or Mac.";
  }
  if (error instanceof Error && error.message) return error.message;
  const message = (error as { message?: unknown } | undefined)?.message;
  return typeof message === "string" && message ? message : String(error);
}

function asked<T>(call: (done: (result: Office.AsyncResult<T>) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((result) => {
      if (result.status === Office.AsyncResultStatus.Succeeded) resolve(result.value);
      else reject(new HostError("host_refused", result.error.message));
    });
  });
}
