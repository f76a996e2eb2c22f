/** Errors as Office.js makes them. */

import type { Failure } from "../protocol";

export class ApiError extends Error {
  override readonly name = "RichApi.Error";
  readonly debugInfo: { code: string; message: string; errorLocation: string };

  constructor(
    readonly code: string,
    message: string,
    location = "",
  ) {
    super(message);
    this.debugInfo = { code, message, errorLocation: location };
  }

  static from(failure: Failure): ApiError {
    return new ApiError(failure.code, failure.message, failure.location);
  }
}

export function notLoaded(property: string): ApiError {
  return new ApiError(
    "PropertyNotLoaded",
    `The property '${property}' is not available. Before reading the property's value, call the ` +
      `load method on the containing object and call "context.sync()" on the associated request ` +
      `context.`,
    property,
  );
}

export function valueNotLoaded(): ApiError {
  return new ApiError(
    "ValueNotLoaded",
    `The value of the result object has not been loaded yet. Before reading the value property, ` +
      `call "context.sync()" on the associated request context.`,
    "ClientResult.value",
  );
}

export function notSupported(member: string): ApiError {
  return new ApiError(
    "ApiNotFound",
    `API not found. Make sure that you check the requirement set. Calling '${member}'`,
    member,
  );
}
