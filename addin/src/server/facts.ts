// Made by `make apitypes` from crispdeck/deck and crispdeck/words; not to be edited.

/** Below so many pixels per inch a picture counts as blurred. */
export const PRESETS = { strict: 72, normal: 110, wide: 150 } as const;

/** What an upscale aims at, in pixels per inch. */
export const TARGET_PPI = 220;

/** Upper ends of the shares of a screen's pixels that are said in the same words. */
export const SHARE_LIMITS = [0.22, 0.29, 0.4, 0.58, 0.71, 0.88, 1.15] as const;

/** Pictures made of pixels: media types by suffix. */
export const PICTURE_TYPES: Record<string, string> = {
  "png": "image/png",
  "apng": "image/png",
  "jpg": "image/jpeg",
  "jpeg": "image/jpeg",
  "jpe": "image/jpeg",
  "jfif": "image/jpeg",
  "pjpeg": "image/jpeg",
  "pjp": "image/jpeg",
  "gif": "image/gif",
  "bmp": "image/bmp",
  "dib": "image/bmp",
  "tif": "image/tiff",
  "tiff": "image/tiff",
  "webp": "image/webp",
  "avif": "image/avif",
  "jp2": "image/jp2",
  "j2k": "image/jp2",
  "jpf": "image/jp2",
  "jpx": "image/jp2",
  "heic": "image/heic",
  "heif": "image/heic"
};

/** Endings of all pictures, drawn ones too. */
export const MEDIA_SUFFIXES = ["png", "apng", "jpg", "jpeg", "jpe", "jfif", "pjpeg", "pjp", "gif", "bmp", "dib", "tif", "tiff", "webp", "avif", "jp2", "j2k", "jpf", "jpx", "heic", "heif", "jxl", "ico", "emf", "emz", "wmf", "wmz", "svg", "svgz", "wdp", "jxr", "hdp", "pdf"] as const;
