// What is blurred on one slide: its export, sent without texts and films, and the server's scan.

import { documentName } from "../host/document";
import { exportSlide } from "../host/slides";
import { inspectExport, slimExport } from "../opc/in-worker";
import type { Inspected } from "../opc/package";
import * as api from "../server/api";
import { settings } from "./settings";

export interface ScannedSlide extends Inspected {
  /** Undefined where the slide has no picture. */
  deck: api.Deck | undefined;
}

const KEPT = 50; // slides; one scan's pictures stay in memory with it

const scans = new Map<string, Promise<ScannedSlide>>();

/** Export a slide and have it scanned; a slide that did not change is not sent again. */
export async function scanSlide(slideId: string, signal?: AbortSignal): Promise<ScannedSlide> {
  const base64 = await exportSlide(slideId);
  const inspected = await inspectExport(base64);
  const name = `${inspected.fingerprint} ${settings().preset} ${settings().targetPpi}`;
  const known = scans.get(name);
  if (known !== undefined) return known;
  const scan = ask(base64, inspected, signal);
  scans.set(name, scan);
  scan.catch(() => scans.delete(name));
  const [oldest] = scans.keys();
  if (scans.size > KEPT && oldest !== undefined) scans.delete(oldest);
  return scan;
}

async function ask(base64: string, inspected: Inspected, signal?: AbortSignal): Promise<ScannedSlide> {
  if (inspected.media.length === 0) return { ...inspected, deck: undefined };
  const sending = { withTexts: false, only: undefined, pictures: new Map<string, Blob>() };
  const file = await slimExport({ base64, sending });
  return { ...inspected, deck: await api.scan(file, `${documentName()}.pptx`, settings(), signal) };
}

export function forgetScans(): void {
  scans.clear();
}
