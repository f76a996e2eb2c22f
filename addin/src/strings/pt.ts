import type { Catalogue } from "./strings";
import { en } from "./en";
export const pt: Catalogue = en;
