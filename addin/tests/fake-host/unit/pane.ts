/** A pane's view of a fake PowerPoint in one process, typed as the real globals are. */

import { makeGlobals } from "../client/office";
import { type Options, PowerPoint } from "../powerpoint/powerpoint";
import type { ProfileName } from "../profiles";
import { smallDeck } from "./small-deck";

type Real = typeof globalThis.PowerPoint;

export interface Pane {
  app: PowerPoint;
  office: typeof Office;
  run: Real["run"];
  powerpoint: Real;
}

export async function openPane(
  profile: ProfileName = "web-1.10",
  deck: string = smallDeck(),
  options: Partial<Options> = {},
): Promise<Pane> {
  const app = new PowerPoint(deck, { ...options, profile });
  const globals = makeGlobals(app);
  const office = globals.Office as unknown as typeof Office;
  await office.onReady();
  const powerpoint = globals.PowerPoint as unknown as Real;
  return { app, office, powerpoint, run: powerpoint.run };
}

/** The code of the error that a promise ends with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return String((error as { code?: unknown }).code ?? error);
  }
  return "no error";
}
