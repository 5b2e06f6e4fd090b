import { randomUUID } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

export interface Upload {
  readonly assetUrl: string;
  readonly filename: string;
  readonly contentType: string;
  readonly size: number;
  /** Null until it was PUT. */
  readonly bytes: Buffer | null;
}

export interface Uploads {
  readonly files: readonly Upload[];
  /** The answer of fileUpload: where to PUT, and the headers that must go with it. */
  announce(file: {
    readonly contentType: string;
    readonly filename: string;
    readonly size: number;
  }): object;
  /** Takes the PUT on an upload path; gives the HTTP status. */
  take(path: string, headers: IncomingHttpHeaders, bytes: Buffer): number;
}

export function createUploads(origin: () => string): Uploads {
  const files = new Map<string, { readonly file: Upload; readonly signature: string }>();
  return {
    get files() {
      return [...files.values()].map(({ file }) => file);
    },
    announce({ contentType, filename, size }) {
      const path = `/uploads/${randomUUID()}`;
      const assetUrl = `https://uploads.linear.app${path}`;
      const signature = randomUUID();
      files.set(path, { file: { assetUrl, filename, contentType, size, bytes: null }, signature });
      return {
        assetUrl,
        uploadUrl: `${origin()}${path}`,
        contentType,
        filename,
        size,
        headers: [
          { key: "x-goog-content-length-range", value: `${size},${size}` },
          { key: "x-upload-signature", value: signature },
        ],
      };
    },
    take(path, headers, bytes) {
      const announced = files.get(path);
      if (announced === undefined) return 404;
      const { file, signature } = announced;
      const signed =
        headers["x-upload-signature"] === signature &&
        headers["x-goog-content-length-range"] === `${file.size},${file.size}` &&
        headers["content-type"] === file.contentType;
      if (!signed) return 403;
      if (bytes.length !== file.size) return 400;
      files.set(path, { file: { ...file, bytes }, signature });
      return 200;
    },
  };
}
