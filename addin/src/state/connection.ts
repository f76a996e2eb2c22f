// Connecting the pane with its server: a code, or a key.

import { limits, pair } from "../server/api";
import { change } from "./settings";

const KEY = /^cd_[0-9a-f]{12}_[0-9a-f]{64}$/;

/** Take a code or a key; it is kept when the server accepts it. Raises ApiError. */
export async function connect(given: string, platform: string): Promise<void> {
  try {
    change({ key: KEY.test(given) ? given : await pair(given, `PowerPoint (${platform})`) });
    await limits();
  } catch (error) {
    change({ key: "" });
    throw error;
  }
}
