// Connecting the pane with its server: by a code, by a key, by signing in, or because an administrator
// deployed it with a manifest that connects.

import { askInDialog } from "../host/windows";
import * as api from "../server/api";
import { change } from "./settings";
import { store, stored } from "./storage";

const KEY = /^cd_[0-9a-f]{12}_[0-9a-f]{64}$/;
const LEFT = "left";

/** What the manifest says behind the pane's address. */
const deployed = new URLSearchParams(location.search);

/** Take a code or a key; it is kept when the server accepts it. Raises ApiError. */
export async function connect(given: string, platform: string): Promise<void> {
  try {
    change({ key: KEY.test(given) ? given : await api.pair(given, `PowerPoint (${platform})`) });
    await api.limits();
    store(LEFT, false);
  } catch (error) {
    change({ key: "" });
    throw error;
  }
}

/** The user wants the pane to stay apart, whatever its manifest says. */
export function disconnect(): void {
  change({ key: "" });
  store(LEFT, true);
}

export interface Ways {
  /** By the account of an organisation. */
  signIn: boolean;
  /** By the manifest, without being asked for anything. */
  deployed: boolean;
}

/** How the pane can be connected, besides by a code. */
export async function ways(): Promise<Ways> {
  const signIn = await api.canSignIn().catch(() => false);
  return { signIn, deployed: deployed.has("connect") };
}

/** Connect as the manifest says; false where it says nothing or the user has left. Raises ApiError. */
export async function connectAsDeployed(platform: string, byHand: boolean): Promise<boolean> {
  const key = deployed.get("connect");
  if (key === null || (!byHand && stored(LEFT) === true)) return false;
  await connect(await api.startPairing(key), platform);
  return true;
}

/** What came back from the dialog, if nobody was let in. */
export class SignInError extends Error {
  constructor(
    /** "closed", or the server's code: "forbidden" … */
    readonly code: string,
  ) {
    super(code);
    this.name = "SignInError";
  }
}

/** Let the user sign in, in a dialog of Office. Raises SignInError, HostError, ApiError. */
export async function signIn(platform: string): Promise<void> {
  const answer = await askInDialog(api.signInAddress(deployed.get("domain_hint")));
  if (answer === undefined) throw new SignInError("closed");
  const { code, problem } = Object.fromEntries(new URLSearchParams(answer)) as Record<string, string | undefined>;
  if (code === undefined) throw new SignInError(problem ?? "unknown");
  await connect(code, platform);
}
