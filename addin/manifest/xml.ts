// The add-in only manifest: every PowerPoint reads it, perpetual ones and iPad too.

import { MANIFEST as M, ORIGIN } from "./source.ts";
import { OTHERS, type Words } from "./words.ts";

const SCHEMA = "http://schemas.microsoft.com/office";

/** Write the manifest as XML. */
export function xmlManifest(): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<OfficeApp xmlns="${SCHEMA}/appforoffice/1.1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:bt="${SCHEMA}/officeappbasictypes/1.0" xsi:type="TaskPaneApp">
  <Id>${M.id}</Id>
  <Version>${M.version}.0</Version>
  <ProviderName>${text(M.provider)}</ProviderName>
  <DefaultLocale>${M.locale}</DefaultLocale>
  <DisplayName DefaultValue="${text(M.name)}"/>
  <Description DefaultValue="${text(M.short)}">${overrides("short", "Override")}</Description>
  <IconUrl DefaultValue="${M.icon(32)}"/>
  <HighResolutionIconUrl DefaultValue="${M.icon(64)}"/>
  <SupportUrl DefaultValue="${M.support}"/>
  <AppDomains>
    <AppDomain>${ORIGIN}</AppDomain>
  </AppDomains>
  <Hosts>
    <Host Name="Presentation"/>
  </Hosts>
  <Requirements>
    <Sets DefaultMinVersion="${M.requires.version}">
      <Set Name="${M.requires.name}" MinVersion="${M.requires.version}"/>
    </Sets>
  </Requirements>
  <DefaultSettings>
    <SourceLocation DefaultValue="${M.pane}"/>
  </DefaultSettings>
  <Permissions>ReadWriteDocument</Permissions>
  <VersionOverrides xmlns="${SCHEMA}/taskpaneappversionoverrides" xsi:type="VersionOverridesV1_0">
    <Hosts>
      <Host xsi:type="Presentation">
        <DesktopFormFactor>
          <GetStarted>
            <Title resid="Started.Title"/>
            <Description resid="Started.Text"/>
            <LearnMoreUrl resid="About.Url"/>
          </GetStarted>
          <ExtensionPoint xsi:type="PrimaryCommandSurface">
            <OfficeTab id="${M.tab}">
              <Group id="Crispdeck.Group">
                <Label resid="Group.Label"/>
                ${icons()}
                <Control xsi:type="Button" id="Crispdeck.Open">
                  <Label resid="Button.Label"/>
                  <Supertip>
                    <Title resid="Tip.Title"/>
                    <Description resid="Tip.Text"/>
                  </Supertip>
                  ${icons()}
                  <Action xsi:type="ShowTaskpane">
                    <TaskpaneId>Crispdeck.Pane</TaskpaneId>
                    <SourceLocation resid="Pane.Url"/>
                  </Action>
                </Control>
              </Group>
            </OfficeTab>
          </ExtensionPoint>
        </DesktopFormFactor>
      </Host>
    </Hosts>
    <Resources>
      <bt:Images>
        ${M.iconSizes.map((px) => resource("Image", `Icon.${px}`, M.icon(px))).join("\n        ")}
      </bt:Images>
      <bt:Urls>
        ${resource("Url", "Pane.Url", M.pane)}
        ${resource("Url", "About.Url", M.about)}
      </bt:Urls>
      <bt:ShortStrings>
        ${sentence("Group.Label", "group")}
        ${sentence("Button.Label", "button")}
        ${sentence("Tip.Title", "button")}
        ${sentence("Started.Title", "startedTitle")}
      </bt:ShortStrings>
      <bt:LongStrings>
        ${sentence("Tip.Text", "tip")}
        ${sentence("Started.Text", "started")}
      </bt:LongStrings>
    </Resources>
  </VersionOverrides>
</OfficeApp>
`;
}

function icons(): string {
  const images = M.iconSizes.map((px) => `<bt:Image size="${px}" resid="Icon.${px}"/>`);
  return `<Icon>${images.join("")}</Icon>`;
}

function resource(kind: string, id: string, value: string): string {
  return `<bt:${kind} id="${id}" DefaultValue="${text(value)}"/>`;
}

/** A string in all languages. */
function sentence(id: string, name: keyof Words): string {
  return `<bt:String id="${id}" DefaultValue="${text(M[name])}">${overrides(name, "bt:Override")}</bt:String>`;
}

function overrides(name: keyof Words, tag: string): string {
  return Object.entries(OTHERS)
    .map(([locale, words]) => `<${tag} Locale="${locale}" Value="${text(words[name])}"/>`)
    .join("");
}

function text(value: string): string {
  return value.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");
}
