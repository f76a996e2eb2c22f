/**
 * The part of the PowerPoint API that the host knows, with the requirement set of each member.
 * Numbers are minor versions of PowerPointApi 1.x; a unit test compares them with the
 * documentation in @types/office-js.
 */

export interface Scalar {
  since: number;
  writable: boolean;
}

export interface Navigation {
  since: number;
  type: TypeName;
}

export interface Method {
  since: number;
  /** The type of the object it gives; "value" for a ClientResult; "nothing" for void. */
  gives: TypeName | "value" | "nothing";
}

export interface TypeSurface {
  scalars: Record<string, Scalar>;
  navigations: Record<string, Navigation>;
  methods: Record<string, Method>;
  /** What a collection holds. */
  item?: TypeName;
}

export type TypeName =
  | "Presentation"
  | "SlideCollection"
  | "SlideScopedCollection"
  | "Slide"
  | "SlideBackground"
  | "SlideBackgroundFill"
  | "SlideBackgroundPictureOrTextureFill"
  | "SlideLayout"
  | "SlideLayoutCollection"
  | "SlideMaster"
  | "SlideMasterCollection"
  | "ShapeCollection"
  | "ShapeScopedCollection"
  | "Shape"
  | "ShapeGroup"
  | "ShapeFill"
  | "PlaceholderFormat"
  | "TextFrame"
  | "TextRange"
  | "TagCollection"
  | "Tag"
  | "PageSetup";

const read = (since: number): Scalar => ({ since, writable: false });
const write = (since: number): Scalar => ({ since, writable: true });
const to = (type: TypeName, since: number): Navigation => ({ since, type });
const does = (since: number): Method => ({ since, gives: "nothing" });
const answers = (since: number): Method => ({ since, gives: "value" });
const gives = (type: TypeName, since: number): Method => ({ since, gives: type });

function collection(
  item: TypeName,
  since: number,
  methods: Record<string, Method> = {},
  orNull = since,
): TypeSurface {
  return {
    scalars: {},
    navigations: {},
    item,
    methods: {
      getCount: answers(since),
      getItem: gives(item, since),
      getItemAt: gives(item, since),
      getItemOrNullObject: gives(item, orNull),
      ...methods,
    },
  };
}

export const SURFACE: Record<TypeName, TypeSurface> = {
  Presentation: {
    scalars: { id: read(5), title: read(0) },
    navigations: {
      slides: to("SlideCollection", 2),
      slideMasters: to("SlideMasterCollection", 3),
      tags: to("TagCollection", 3),
      pageSetup: to("PageSetup", 10),
    },
    methods: {
      insertSlidesFromBase64: does(2),
      getSelectedSlides: gives("SlideScopedCollection", 5),
      getSelectedShapes: gives("ShapeScopedCollection", 5),
      setSelectedSlides: does(5),
    },
  },
  SlideCollection: collection("Slide", 2, { exportAsBase64Presentation: answers(10) }),
  SlideScopedCollection: collection("Slide", 5, { exportAsBase64Presentation: answers(10) }),
  Slide: {
    scalars: { id: read(2), index: read(8) },
    navigations: {
      background: to("SlideBackground", 10),
      layout: to("SlideLayout", 3),
      slideMaster: to("SlideMaster", 3),
      shapes: to("ShapeCollection", 3),
      tags: to("TagCollection", 3),
    },
    methods: {
      delete: does(2),
      exportAsBase64: answers(8),
      getImageAsBase64: answers(8),
      moveTo: does(8),
      setSelectedShapes: does(5),
    },
  },
  SlideBackground: { scalars: {}, navigations: { fill: to("SlideBackgroundFill", 10) }, methods: {} },
  SlideBackgroundFill: {
    scalars: { type: read(10) },
    navigations: {},
    methods: {
      getPictureOrTextureFillOrNullObject: gives("SlideBackgroundPictureOrTextureFill", 10),
      setPictureOrTextureFill: does(10),
    },
  },
  SlideBackgroundPictureOrTextureFill: { scalars: {}, navigations: {}, methods: { setImage: does(10) } },
  SlideLayout: {
    scalars: { id: read(3), name: read(3), type: read(8) },
    navigations: { shapes: to("ShapeCollection", 3) },
    methods: {},
  },
  SlideLayoutCollection: collection("SlideLayout", 3),
  SlideMaster: {
    scalars: { id: read(3), name: read(3) },
    navigations: {
      layouts: to("SlideLayoutCollection", 3),
      shapes: to("ShapeCollection", 3),
    },
    methods: {},
  },
  SlideMasterCollection: collection("SlideMaster", 3),
  ShapeCollection: collection("Shape", 3, { addGeometricShape: gives("Shape", 4) }),
  ShapeScopedCollection: collection("Shape", 5),
  Shape: {
    scalars: {
      id: read(3),
      name: write(4),
      type: read(4),
      left: write(4),
      top: write(4),
      width: write(4),
      height: write(4),
      level: read(8),
      zOrderPosition: read(8),
      rotation: write(10),
      visible: write(10),
      altTextDescription: write(10),
      altTextTitle: write(10),
      creationId: read(10),
    },
    navigations: {
      fill: to("ShapeFill", 4),
      group: to("ShapeGroup", 8),
      parentGroup: to("Shape", 8),
      placeholderFormat: to("PlaceholderFormat", 8),
      tags: to("TagCollection", 3),
      textFrame: to("TextFrame", 4),
    },
    methods: {
      delete: does(3),
      getParentSlide: gives("Slide", 5),
      getParentSlideOrNullObject: gives("Slide", 5),
    },
  },
  ShapeGroup: {
    scalars: { id: read(8) },
    navigations: { shape: to("Shape", 8), shapes: to("ShapeScopedCollection", 8) },
    methods: {},
  },
  ShapeFill: {
    scalars: { type: read(4) },
    navigations: {},
    methods: { clear: does(4), setImage: does(8) },
  },
  PlaceholderFormat: {
    scalars: { type: read(8), containedType: read(8) },
    navigations: {},
    methods: {},
  },
  TextFrame: {
    scalars: { hasText: read(4) },
    navigations: { textRange: to("TextRange", 4) },
    methods: {},
  },
  TextRange: { scalars: { text: write(4) }, navigations: {}, methods: {} },
  TagCollection: collection("Tag", 3, { add: does(3), delete: does(3) }),
  Tag: { scalars: { key: read(3), value: read(3) }, navigations: {}, methods: {} },
  PageSetup: {
    scalars: { slideWidth: write(10), slideHeight: write(10) },
    navigations: {},
    methods: {},
  },
};
