/** What PowerPoint answers when an action cannot be done. */

export class HostError extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export function invalidArgument(what: string): HostError {
  return new HostError("InvalidArgument", `The argument is invalid or missing: ${what}`);
}

export function general(what: string): HostError {
  return new HostError("GeneralException", `There was an internal error: ${what}`);
}

export function slideNotFound(id: string): HostError {
  return new HostError("SlideNotFound", `The slide ${id} could not be found.`);
}
