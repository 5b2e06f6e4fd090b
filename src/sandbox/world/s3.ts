/** S3 as far as this world needs it: buckets in which AWS leaves files of lines. */
import type { WorldState } from "./state.ts";

export interface Bucket {
  name: string;
  region: string;
  account: string;
  createdAt: number;
  objects: StoredObject[];
}

export interface StoredObject {
  key: string;
  /** When it was delivered, epoch milliseconds: nobody sees it before. */
  availableAt: number;
  /** What it holds, gzipped on its way out; most are never read, so some are written only then. */
  lines: (string | (() => string))[];
}

export const bucketNamed = (state: WorldState, name: string): Bucket | undefined =>
  state.s3.buckets.find((one) => one.name === name);
