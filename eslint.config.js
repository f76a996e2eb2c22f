// Lints the scripts that the pages load; the task pane in addin/ has a configuration of its own.
import js from "@eslint/js";
import globals from "globals";

const MARKUP = ["innerHTML", "outerHTML", "insertAdjacentHTML"];

export default [
  { ignores: ["**/vendor/", "addin/", "web/types/api.d.ts"] },
  js.configs.recommended,
  {
    files: ["web/static/**/*.js", "tests/web/static/**/*.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.browser },
    rules: {
      complexity: ["error", 12],
      "consistent-return": "off",
      eqeqeq: "error",
      "max-lines": ["error", { max: 450, skipBlankLines: true, skipComments: true }],
      "no-implicit-coercion": "error",
      "no-param-reassign": "error",
      "no-sequences": "error",
      "no-shadow": ["error", { allow: ["name"] }],
      "no-unused-expressions": "error",
      "no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrors: "none" }],
      "no-var": "error",
      "prefer-const": "error",
      "no-restricted-globals": ["error", "alert", "confirm", "prompt"],
      "no-restricted-properties": [
        "error",
        ...MARKUP.map((property) => ({ property, message: "Texts go in as text, never as markup." })),
      ],
    },
  },
  { files: ["web/static/admin/charts.js"], languageOptions: { globals: { uPlot: "readonly" } } },
];
