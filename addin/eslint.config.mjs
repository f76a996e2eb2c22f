import js from "@eslint/js";
import officeAddins from "eslint-plugin-office-addins";
import tseslint from "typescript-eslint";

const OFFICE = ["Office", "PowerPoint"];

export default tseslint.config(
  { linterOptions: { reportUnusedDisableDirectives: "off" } },
  { ignores: ["dist/", "build/", "node_modules/", "src/server/api-types.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    plugins: { "office-addins": officeAddins },
    rules: {
      "office-addins/no-empty-load": "error",
      "office-addins/no-office-initialize": "error",
      "office-addins/test-for-null-using-isNullObject": "error",
      complexity: ["error", 10],
      "max-lines": ["error", { max: 350 }],
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({
          property,
          message: "Texts go in as text; see views/dom.ts.",
        })),
      ],
      "no-restricted-globals": ["error", "fetch", "localStorage", "alert", "confirm", "prompt", ...OFFICE],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  // Each of these has one home.
  { files: ["src/host/**"], rules: { "no-restricted-globals": ["error", "fetch", "localStorage"] } },
  { files: ["src/server/http.ts"], rules: { "no-restricted-globals": ["error", "localStorage", ...OFFICE] } },
  { files: ["src/state/storage.ts"], rules: { "no-restricted-globals": ["error", "fetch", ...OFFICE] } },
  {
    files: ["tests/**"],
    rules: {
      "no-restricted-globals": "off",
      "no-restricted-properties": "off",
      complexity: "off",
      "max-lines": ["error", { max: 360 }],
      // A stand-in for Office.js takes what it is given.
      "@typescript-eslint/no-base-to-string": "off",
      "@typescript-eslint/no-dynamic-delete": "off",
      "@typescript-eslint/no-unnecessary-type-assertion": "off",
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "@typescript-eslint/no-useless-default-assignment": "off",
      "@typescript-eslint/unbound-method": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  {
    files: ["**/*.mjs"],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      ...tseslint.configs.disableTypeChecked.languageOptions,
      globals: { process: "readonly", URL: "readonly" },
    },
  },
);
