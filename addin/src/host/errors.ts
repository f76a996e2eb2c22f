// What goes wrong in PowerPoint, by a stable code; the catalogue has the words.

export type HostCode =
  | "no_office"
  | "no_powerpoint"
  | "host_refused"
  | "no_answer"
  | "uncertain"
  | "slide_gone"
  | "slide_changed"
  | "slide_altered"
  | "fill_altered"
  | "insert_failed"
  | "delete_failed"
  | "two_slides"
  | "copy_refused"
  | "read_only"
  | "too_large";

/** What went wrong in PowerPoint. `message` is for logs; people read the catalogue's words. */
export class HostError extends Error {
  constructor(
    readonly code: HostCode,
    /** What PowerPoint itself said, in its own language; "" where it said nothing. */
    readonly said = "",
    /** The slide that stands where the old one stood, if it is another now. */
    readonly slideId?: string,
    /** PowerPoint's own code; "" where the error is the pane's. */
    readonly hostCode = "",
  ) {
    super(said ? `${code}: ${said}` : code);
    this.name = "HostError";
  }
}

/** Make one of whatever the host threw. */
export function hostError(error: unknown, otherwise: HostCode = "host_refused"): HostError {
  if (error instanceof HostError) return error;
  if (codeOf(error).endsWith("PayloadSizeLimitExceeded")) return new HostError("too_large");
  return new HostError(otherwise, saidBy(error), undefined, codeOf(error));
}

/** The host's own code: "PropertyNotLoaded", "InvalidArgument" … */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "string" || typeof code === "number" ? String(code) : "";
}

function saidBy(error: unknown): string {
  const message = (error as { message?: unknown } | undefined)?.message;
  return typeof message === "string" && message ? message : String(error);
}
