// Tests read the pane in English unless they ask for another language.

import { useLanguage } from "../src/strings/strings";

await useLanguage("en");
