import type { Catalogue } from "./strings";
import { en } from "./en";
export const de: Catalogue = en;
