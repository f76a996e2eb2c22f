// Made by `make apitypes` from crispdeck/deck and crispdeck/words; not to be edited.

export const DECK_SUFFIXES = [".pptx", ".pptm", ".potx", ".potm", ".ppsx", ".ppsm"];

export const DECK_SUFFIXES_IN_WORDS = ".pptx, .pptm, .potx, .potm, .ppsx or .ppsm";
