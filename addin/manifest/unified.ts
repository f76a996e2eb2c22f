// The unified manifest for Microsoft 365: newer PowerPoints, and administrators who deploy it.

import { MANIFEST as M, ORIGIN } from "./source.ts";

const VERSION = "1.29";

/** Write the manifest as JSON. */
export function unifiedManifest(): string {
  const icons = M.iconSizes.map((size) => ({ size, url: M.icon(size) }));
  const manifest = {
    $schema: `https://developer.microsoft.com/json-schemas/teams/v${VERSION}/MicrosoftTeams.schema.json`,
    manifestVersion: VERSION,
    id: M.id,
    version: M.version,
    name: { short: M.name, full: M.fullName },
    description: { short: M.short, full: M.long },
    developer: {
      name: M.provider,
      websiteUrl: M.about,
      privacyUrl: M.about,
      termsOfUseUrl: M.about,
    },
    icons: { color: "color.png", outline: "outline.png" },
    accentColor: M.accent,
    localizationInfo: { defaultLanguageTag: M.locale.toLowerCase(), additionalLanguages: [] },
    authorization: {
      permissions: {
        resourceSpecific: [{ name: "Document.ReadWrite.User", type: "Delegated" }],
      },
    },
    validDomains: [new URL(ORIGIN).host],
    extensions: [
      {
        requirements: {
          scopes: ["presentation"],
          capabilities: [{ name: M.requires.name, minVersion: M.requires.version }],
        },
        runtimes: [
          {
            id: "pane",
            type: "general",
            code: { page: M.pane },
            lifetime: "short",
            actions: [{ id: "open", type: "openPage", view: "pane" }],
          },
        ],
        ribbons: [
          {
            contexts: ["default"],
            tabs: [
              {
                builtInTabId: M.tab,
                groups: [
                  {
                    id: "crispdeckGroup",
                    label: M.group,
                    icons,
                    controls: [
                      {
                        id: "crispdeckOpen",
                        type: "button",
                        label: M.button,
                        icons,
                        supertip: { title: M.tipTitle, description: M.tip },
                        actionId: "open",
                      },
                    ],
                  },
                ],
              },
            ],
          },
        ],
      },
    ],
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
