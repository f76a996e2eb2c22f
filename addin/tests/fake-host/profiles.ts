/** PowerPoints that people have: what each can do, and what it is known to get wrong. */

export interface Profile {
  platform: "OfficeOnline" | "PC" | "Mac" | "iOS";
  version: string;
  /** The highest PowerPointApi 1.x. */
  api: number;
  /** False where the selection event never comes, as on Mac 16.94 (office-js 5390). */
  selectionEvents: boolean;
  /** The largest slice of getFileAsync in bytes. */
  sliceLimit: number;
}

const SLICE = 4_194_304;

export const PROFILES = {
  "web-1.10": profile("OfficeOnline", "16.0.20000.40000", 10),
  "windows-1.8": profile("PC", "16.0.18730.20030", 8),
  "mac-1.10": { ...profile("Mac", "16.105.25121030", 10), selectionEvents: false },
  "mac-1.5": profile("Mac", "16.78.23100802", 5),
  "ltsc2024-1.5": profile("PC", "16.0.17932.20000", 5),
  "ipad-1.1": { ...profile("iOS", "2.104.25121000", 1), sliceLimit: 65_536 },
} satisfies Record<string, Profile>;

export type ProfileName = keyof typeof PROFILES;

function profile(platform: Profile["platform"], version: string, api: number): Profile {
  return { platform, version, api, selectionEvents: true, sliceLimit: SLICE };
}
