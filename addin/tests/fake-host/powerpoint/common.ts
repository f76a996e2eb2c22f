/** PowerPoint's side of the Common API: getFileAsync, getSelectedDataAsync, settings, windows. */

import { packageProblems } from "../opc/check";
import type { CommonAnswer } from "../protocol";
import type { Profile } from "../profiles";
import { bytesOf } from "../base64";
import type { Engine } from "./engine";
import { HostError } from "./errors";
import type { Session } from "./session";

/** "No more than two documents are allowed to be in memory" (Document.getFileAsync). */
const MOST_FILES = 2;

/** createPresentation fails above some 51 MB (office-js 5586). */
const MOST_COPY_CHARACTERS = (51_000_000 / 3) * 4;

/** Codes of Office.Error. */
const CODES: Record<string, number> = {
  InternalError: 5001,
  TooManyFiles: 5012,
  InvalidArgument: 5016,
};

type Call = (...args: never[]) => unknown;

export class CommonApi {
  private readonly files = new Map<number, Uint8Array>();
  private sliceSize = 0;
  private nextFile = 1;

  constructor(
    private readonly engine: Engine,
    private readonly session: Session,
    private readonly profile: Profile,
  ) {}

  /** Do one call; "Document.getFileAsync" and the like. */
  async call(name: string, args: unknown[]): Promise<CommonAnswer> {
    try {
      const call = this.calls[name];
      if (!call) throw new HostError("InternalError", `the host does not know ${name}`);
      const value = await this.engine.affected(name, () => call(...(args as never[])));
      this.engine.calls.push({ member: name, failed: undefined });
      return { value };
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.engine.calls.push({ member: name, failed: error.code });
      const code = CODES[error.code] ?? 5001;
      return { error: { name: error.code, code, message: error.message } };
    }
  }

  private readonly calls: Record<string, Call> = {
    "Document.getFileAsync": (type: string, options: { sliceSize?: number }) => {
      if (type !== "compressed") throw new HostError("InvalidArgument", "only compressed");
      const size = options.sliceSize ?? 4_194_304;
      if (size > this.profile.sliceLimit || size < 1) {
        throw new HostError("InternalError", "The slice is too large.");
      }
      if (this.files.size >= MOST_FILES) {
        throw new HostError("TooManyFiles", "Two documents are in memory already.");
      }
      if (this.profile.platform === "OfficeOnline") this.engine.saves += 1; // ForceSaveToHost, office-js 3443
      const bytes = this.session.deck.pkg.write();
      const id = this.nextFile++;
      this.files.set(id, bytes);
      this.sliceSize = size;
      return { id, size: bytes.length, sliceCount: Math.ceil(bytes.length / size) };
    },
    "File.getSliceAsync": (id: number, index: number) => {
      const bytes = this.files.get(id);
      const start = index * this.sliceSize;
      if (!bytes || start >= bytes.length) throw new HostError("InternalError", "No such slice.");
      return { index, data: [...bytes.subarray(start, start + this.sliceSize)] };
    },
    "File.closeAsync": (id: number) => {
      if (!this.files.delete(id)) throw new HostError("InternalError", "No such file.");
    },
    "Document.getSelectedDataAsync": (type: string) => {
      if (type !== "slideRange") throw new HostError("InvalidArgument", `no ${type} is selected`);
      const all = this.session.deck.slides();
      const slides = this.session.selection.slides.flatMap((number) => {
        const index = all.findIndex((slide) => slide.number === number);
        return index < 0 ? [] : [{ id: number, title: `Slide ${index + 1}`, index: index + 1 }];
      });
      return { slides };
    },
    "Document.goToByIdAsync": (id: number | string) => {
      const slide = this.session.deck.slides().find((one) => one.number === Number(id));
      if (!slide) throw new HostError("InvalidArgument", `no slide ${id}`);
      this.session.select([slide.number]);
    },
    "Document.getFilePropertiesAsync": () => ({ url: this.session.title }),
    "Settings.saveAsync": (settings: Record<string, unknown>) => {
      for (const key of Object.keys(this.session.settings)) delete this.session.settings[key];
      Object.assign(this.session.settings, settings);
    },
    "PowerPoint.createPresentation": (deck: string) => {
      if (deck.length > MOST_COPY_CHARACTERS) throw new HostError("InternalError", "The file is too large.");
      const problems = packageProblems(bytesOf(deck));
      if (problems.length > 0) {
        this.session.refusals.push(problems);
        throw new HostError("InvalidArgument", "the file is damaged");
      }
      this.session.opened.push(deck);
    },
    "UI.openBrowserWindow": (url: string) => {
      this.session.windows.push(url);
    },
  };

  /** How many files the pane has open: all must be closed in the end. */
  get openFiles(): number {
    return this.files.size;
  }
}
