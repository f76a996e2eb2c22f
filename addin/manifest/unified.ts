// The unified manifest for Microsoft 365: newer PowerPoints, and administrators who deploy it.

import { MANIFEST as M, ORIGIN } from "./source.ts";
import { OTHERS } from "./words.ts";

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
      privacyUrl: M.privacy,
      termsOfUseUrl: M.terms,
    },
    icons: { color: "color.png", outline: "outline.png" },
    accentColor: M.accent,
    localizationInfo: {
      defaultLanguageTag: M.locale.toLowerCase(),
      additionalLanguages: Object.keys(OTHERS).map((tag) => ({ languageTag: tag.toLowerCase(), file: languageFile(tag) })),
    },
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
        // From this the admin center makes an add-in only manifest, for Office that reads no JSON.
        alternates: [
          {
            requirements: { scopes: ["presentation"] },
            alternateIcons: {
              icon: { size: 64, url: M.icon(64) },
              highResolutionIcon: { size: 64, url: M.icon(128) },
            },
          },
        ],
        getStartedMessages: [
          {
            requirements: { scopes: ["presentation"] },
            title: M.startedTitle,
            description: M.started,
            learnMoreUrl: M.about,
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

/** The name of the file in the package with the words of a language. */
export function languageFile(tag: string): string {
  return `${tag.toLowerCase()}.json`;
}

/** The words of the package in another language, by what they stand in the place of. */
export function languageFiles(): Record<string, string> {
  const control = "extensions[0].ribbons[0].tabs[0].groups[0]";
  return Object.fromEntries(
    Object.entries(OTHERS).map(([tag, words]) => {
      const file = {
        $schema: `https://developer.microsoft.com/json-schemas/teams/v${VERSION}/MicrosoftTeams.Localization.schema.json`,
        "name.short": M.name,
        "name.full": words.fullName,
        "description.short": words.short,
        "description.full": words.long,
        [`${control}.label`]: words.group,
        [`${control}.controls[0].label`]: words.button,
        [`${control}.controls[0].supertip.title`]: words.button,
        [`${control}.controls[0].supertip.description`]: words.tip,
        "extensions[0].getStartedMessages[0].title": words.startedTitle,
        "extensions[0].getStartedMessages[0].description": words.started,
      };
      return [languageFile(tag), `${JSON.stringify(file, null, 2)}\n`];
    }),
  );
}
