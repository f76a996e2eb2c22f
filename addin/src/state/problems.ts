// Errors as sentences of the catalogue: each has a stable code, of the pane, PowerPoint or the server.

import { HostError } from "../host/errors";
import { ApiError } from "../server/api";
import { type Key, type Message, message } from "../strings/message";
import { isKey } from "../strings/strings";

export function problemOf(error: unknown): Message {
  if (error instanceof HostError) {
    const key = `host.${error.code}` as Key;
    return error.said ? message("host.said", { what: message(key), said: error.said }) : message(key);
  }
  if (error instanceof ApiError) return serverProblem(error);
  return message("error.unexpected", { said: error instanceof Error ? error.message : String(error) });
}

function serverProblem(error: ApiError): Message {
  if (error.status === 429) return message("server.limit_reached", { count: error.retryAfterS || 60 });
  const key = `server.${error.code}`;
  if (isKey(key)) return message(key);
  // A newer server may say what this pane has no words for.
  return message("server.unknown", { status: error.status, said: error.message });
}

/** Why a picture was left alone, by the server's code. */
export function reasonOf(code: string): Message {
  const key = `reason.${code}`;
  return isKey(key) ? message(key) : message("reason.other_use");
}

export function isRefused(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}
