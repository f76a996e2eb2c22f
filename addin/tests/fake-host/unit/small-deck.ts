/** A deck made by hand: three slides with one of each thing that the host has to know. */

import { base64 } from "../base64";
import { Package } from "../opc/package";

const P = "http://schemas.openxmlformats.org/presentationml/2006/main";
const A = "http://schemas.openxmlformats.org/drawingml/2006/main";
const R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const TYPE = "application/vnd.openxmlformats-officedocument.presentationml.";
const SPACES = `xmlns:p="${P}" xmlns:a="${A}" xmlns:r="${R}"`;
const COMMENTS = "http://schemas.microsoft.com/office/2018/10/relationships/comments";
const GROUP_PROPERTIES =
  '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>';

/** The smallest PNG: one pixel. */
export const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

export const CREATION_ID = "3396654126";

const xml = (text: string): Uint8Array => new TextEncoder().encode(text);
const frame = (x: number, y: number, cx: number, cy: number): string =>
  `<a:xfrm><a:off x="${x * 12700}" y="${y * 12700}"/><a:ext cx="${cx * 12700}" cy="${cy * 12700}"/></a:xfrm>`;

const picture = (id: number, more = ""): string =>
  `<p:pic><p:nvPicPr><p:cNvPr id="${id}" name="Picture ${id}" descr="A dot"/><p:cNvPicPr/>` +
  `<p:nvPr>${more}</p:nvPr></p:nvPicPr><p:blipFill><a:blip r:embed="rId2"/><a:stretch/></p:blipFill>` +
  `<p:spPr>${frame(10, 20, 200, 100)}<a:prstGeom prst="rect"/></p:spPr></p:pic>`;

const title = (text: string): string =>
  `<p:sp><p:nvSpPr><p:cNvPr id="2" name="Title"/><p:cNvSpPr/><p:nvPr><p:ph type="title"/></p:nvPr>` +
  `</p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:p><a:r><a:t>${text}</a:t></a:r></a:p></p:txBody></p:sp>`;

const page = (tag: string, shapes: string, after = "", name = ""): Uint8Array =>
  xml(
    `<p:${tag} ${SPACES}><p:cSld${name}><p:spTree>${GROUP_PROPERTIES}${shapes}</p:spTree>${after}</p:${tag}>`,
  );

const firstEnd =
  `<p:custDataLst><p:tags r:id="rId3"/></p:custDataLst><p:extLst>` +
  `<p:ext uri="{BB962C8B-B14F-4D97-AF65-F5344CB8AC3E}"><p14:creationId ` +
  `xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main" val="${CREATION_ID}"/>` +
  `</p:ext></p:extLst></p:cSld><p:extLst><p:ext uri="{6950BFC3-D8DA-4A85-94F7-54DA5524770B}">` +
  `<p188:commentRel xmlns:p188="http://schemas.microsoft.com/office/powerpoint/2018/8/main" ` +
  `r:id="rId4"/></p:ext></p:extLst>`;

const group =
  `<p:grpSp><p:nvGrpSpPr><p:cNvPr id="5" name="Group"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>` +
  `<p:grpSpPr><a:xfrm><a:off x="1270000" y="0"/><a:ext cx="2540000" cy="1270000"/>` +
  `<a:chOff x="0" y="0"/><a:chExt cx="5080000" cy="2540000"/></a:xfrm></p:grpSpPr>${picture(6)}</p:grpSp>`;

const jump =
  `<p:sp><p:nvSpPr><p:cNvPr id="7" name="Back"><a:hlinkClick r:id="rId3" ` +
  `action="ppaction://hlinksldjump"/></p:cNvPr><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/></p:sp>`;

const main =
  `<p:presentation ${SPACES}><p:sldMasterIdLst><p:sldMasterId id="2147483648" r:id="rId1"/>` +
  `</p:sldMasterIdLst><p:sldIdLst><p:sldId id="256" r:id="rId2"/><p:sldId id="257" r:id="rId3"/>` +
  `<p:sldId id="300" r:id="rId4"/></p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/>` +
  `<p:notesSz cx="6858000" cy="9144000"/><p:extLst><p:ext uri="{521415D9-36F7-43E2-AB2F-B90AF26B5E84}">` +
  `<p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main">` +
  `<p14:section name="One" id="{1}"><p14:sldIdLst><p14:sldId id="256"/><p14:sldId id="257"/>` +
  `</p14:sldIdLst></p14:section><p14:section name="Two" id="{2}"><p14:sldIdLst>` +
  `<p14:sldId id="300"/></p14:sldIdLst></p14:section></p14:sectionLst></p:ext></p:extLst></p:presentation>`;

const layoutIds =
  `<p:clrMap/><p:sldLayoutIdLst><p:sldLayoutId id="2147483649" r:id="rId1"/>` +
  `<p:sldLayoutId id="2147483650" r:id="rId2"/></p:sldLayoutIdLst>`;

type Arrow = [type: string, target: string];

const PARTS: Record<string, [blob: Uint8Array, type: string, arrows: Arrow[]]> = {
  "ppt/theme/theme1.xml": [
    xml(`<a:theme xmlns:a="${A}" name="Plain"/>`),
    "application/vnd.openxmlformats-officedocument.theme+xml",
    [],
  ],
  "ppt/slideMasters/slideMaster1.xml": [
    page("sldMaster", "", `</p:cSld>${layoutIds}`),
    `${TYPE}slideMaster+xml`,
    [
      ["slideLayout", "../slideLayouts/slideLayout1.xml"],
      ["slideLayout", "../slideLayouts/slideLayout2.xml"],
      ["theme", "../theme/theme1.xml"],
    ],
  ],
  "ppt/slideLayouts/slideLayout1.xml": [
    page("sldLayout", titleBox(), "</p:cSld>", ' name="Title Only"'),
    `${TYPE}slideLayout+xml`,
    [["slideMaster", "../slideMasters/slideMaster1.xml"]],
  ],
  "ppt/slideLayouts/slideLayout2.xml": [
    page("sldLayout", "", "</p:cSld>", ' name="Blank"'),
    `${TYPE}slideLayout+xml`,
    [["slideMaster", "../slideMasters/slideMaster1.xml"]],
  ],
  "ppt/media/image1.png": [Uint8Array.from(atob(PIXEL), (c) => c.charCodeAt(0)), "image/png", []],
  "ppt/tags/tag1.xml": [
    xml(`<p:tagLst ${SPACES}><p:tag name="OWNER" val="Ada"/></p:tagLst>`),
    `${TYPE}tags+xml`,
    [],
  ],
  "ppt/comments/modernComment_100.xml": [
    xml(
      `<p188:cmLst xmlns:p188="http://schemas.microsoft.com/office/powerpoint/2018/8/main">` +
        `<p188:cm id="{1}" authorId="{2}" created="2026-01-01T00:00:00"/></p188:cmLst>`,
    ),
    "application/vnd.ms-powerpoint.comments+xml",
    [],
  ],
  "ppt/slides/slide1.xml": [
    page("sld", title("First") + picture(3), firstEnd),
    `${TYPE}slide+xml`,
    [
      ["slideLayout", "../slideLayouts/slideLayout1.xml"],
      ["image", "../media/image1.png"],
      ["tags", "../tags/tag1.xml"],
      [COMMENTS, "../comments/modernComment_100.xml"],
    ],
  ],
  "ppt/slides/slide2.xml": [
    page("sld", title("Second") + group + jump, "</p:cSld>"),
    `${TYPE}slide+xml`,
    [
      ["slideLayout", "../slideLayouts/slideLayout1.xml"],
      ["image", "../media/image1.png"],
      ["slide", "slide1.xml"],
    ],
  ],
  "ppt/slides/slide3.xml": [
    page("sld", picture(4, '<p:ph type="pic" idx="13"/>'), "</p:cSld>"),
    `${TYPE}slide+xml`,
    [
      ["slideLayout", "../slideLayouts/slideLayout2.xml"],
      ["image", "../media/image1.png"],
    ],
  ],
  "ppt/presentation.xml": [
    xml(main),
    `${TYPE}presentation.main+xml`,
    [
      ["slideMaster", "slideMasters/slideMaster1.xml"],
      ["slide", "slides/slide1.xml"],
      ["slide", "slides/slide2.xml"],
      ["slide", "slides/slide3.xml"],
    ],
  ],
};

function titleBox(): string {
  return (
    `<p:sp><p:nvSpPr><p:cNvPr id="2" name="Title"/><p:cNvSpPr/><p:nvPr><p:ph type="title"/></p:nvPr>` +
    `</p:nvSpPr><p:spPr>${frame(36, 18, 648, 90)}</p:spPr></p:sp>`
  );
}

/** The deck as a package that a test may still spoil. */
export function smallPackage(): Package {
  const made = new Package();
  for (const [name, [blob, type, arrows]] of Object.entries(PARTS)) {
    made.add(name, blob, type);
    made.setRelationships(name, arrows.map(arrow));
  }
  made.setRelationships("", [arrow(["officeDocument", "ppt/presentation.xml"], 0)]);
  return made;
}

export function smallDeck(): string {
  return base64(smallPackage().write());
}

function arrow([type, target]: Arrow, at: number) {
  const full = type.startsWith("http") ? type : `${R}/${type}`;
  return { id: `rId${at + 1}`, type: full, target, external: false };
}
