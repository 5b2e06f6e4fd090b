/** The two calls that read a bucket. Path-style addresses only: "/<bucket>/<key>". */
import { gzipSync } from "node:zlib";
import { bucketNamed } from "../world/s3.ts";
import type { Bucket, StoredObject } from "../world/s3.ts";
import { optionalNumber, optionalText, requiredText } from "./call.ts";
import type { AwsCall, Operations } from "./call.ts";
import { AwsError } from "./error.ts";
import { offsetOf, tokenOf } from "./paging.ts";

export const s3Operations: Operations = {
  ListObjectsV2: (call) => {
    const bucket = bucketOf(call);
    const prefix = optionalText(call, "prefix") ?? "";
    const after = optionalText(call, "start-after") ?? "";
    const invalid = new AwsError("InvalidArgument", "The continuation token provided is incorrect");
    const token = optionalText(call, "continuation-token");
    const from = token === undefined ? 0 : offsetOf(token, invalid);
    const size = Math.min(optionalNumber(call, "max-keys") ?? 1_000, 1_000);
    const found = visible(call, bucket)
      .filter(({ key }) => key.startsWith(prefix) && key > after)
      .toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const page = found.slice(from, from + size);
    const more = from + size < found.length;
    return {
      Name: bucket.name,
      Prefix: prefix,
      StartAfter: after === "" ? undefined : after,
      KeyCount: page.length,
      MaxKeys: size,
      IsTruncated: more,
      NextContinuationToken: more ? tokenOf(from + size) : undefined,
      Contents: page.map((one) => ({
        Key: one.key,
        LastModified: new Date(one.availableAt),
        Size: contentOf(one).length,
        StorageClass: "STANDARD",
      })),
    };
  },

  GetObject: (call) => {
    const key = requiredText(call, "Key");
    const found = visible(call, bucketOf(call)).find((one) => one.key === key);
    if (found !== undefined) return { Body: contentOf(found) };
    throw new AwsError("NoSuchKey", "The specified key does not exist.", { status: 404 });
  },
};

const visible = (call: AwsCall, bucket: Bucket): StoredObject[] =>
  bucket.objects.filter(({ availableAt }) => availableAt <= call.state.now());

const contentOf = (stored: StoredObject): Buffer => {
  const lines = stored.lines.map((line) => (typeof line === "string" ? line : line()));
  stored.lines = lines;
  return gzipSync(lines.map((line) => `${line}\n`).join(""));
};

/** Names are the whole world's, but a bucket answers in its own region and to its own account. */
const bucketOf = (call: AwsCall): Bucket => {
  const bucket = bucketNamed(call.state, requiredText(call, "Bucket"));
  if (bucket === undefined) {
    throw new AwsError("NoSuchBucket", "The specified bucket does not exist", { status: 404 });
  }
  if (bucket.account !== call.caller.account) {
    throw new AwsError("AccessDenied", "Access Denied", { status: 403 });
  }
  if (bucket.region !== call.state.region) {
    const message =
      "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.";
    const fields = { BucketRegion: bucket.region };
    throw new AwsError("PermanentRedirect", message, { status: 301, fields });
  }
  return bucket;
};
