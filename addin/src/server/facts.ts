// Made by `make apitypes` from crispdeck/deck and crispdeck/words; not to be edited.

/** Below so many pixels per inch a picture counts as blurred. */
export const PRESETS = { strict: 72, normal: 110, wide: 150 } as const;

/** What an upscale aims at, in pixels per inch. */
export const TARGET_PPI = 220;

/** Upper ends of the shares of a screen's pixels that are said in the same words. */
export const SHARE_LIMITS = [0.22, 0.29, 0.4, 0.58, 0.71, 0.88, 1.15] as const;
