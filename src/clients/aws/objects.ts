import { addAbortSignal, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type * as Sdk from "@aws-sdk/client-s3";
import { FactUnavailable } from "#core/missing.ts";
import type { ObjectsPort } from "#core/ports/aws.ts";
import { codeOf, orNull, senseless, type Call } from "./call.ts";

export interface ObjectsSetting {
  /** The region that is asked first. */
  readonly region: string;
  /** The S3 client comes with its first use: most load balancers keep no access log. */
  readonly load: () => Promise<{
    readonly sdk: typeof Sdk;
    readonly connect: (region: string) => Sdk.S3Client;
  }>;
  readonly call: Call;
}

/** A thousand keys each. */
const mostPages = 2;

export function createObjectsPort({ region, load, call }: ObjectsSetting): ObjectsPort {
  const clients = new Map<string, Sdk.S3Client>();
  const regions = new Map<string, string>();

  /**
   * A bucket answers in its own region only, and tells which that is. Followed here and once: the SDK's own
   * way changes the client that other calls are using at the same time.
   */
  const inItsRegion = async <Answer>(
    bucket: string,
    ask: (sdk: typeof Sdk, client: Sdk.S3Client) => Promise<Answer>,
  ): Promise<Answer> => {
    const { sdk, connect } = await load();
    const clientIn = (place: string): Sdk.S3Client => {
      const known = clients.get(place) ?? connect(place);
      clients.set(place, known);
      return known;
    };
    const first = regions.get(bucket) ?? region;
    try {
      return await ask(sdk, clientIn(first));
    } catch (error) {
      const there = regionTold(error);
      if (there === null || there === first) throw explained(bucket, first, error);
      const answer = await ask(sdk, clientIn(there)).catch((second: unknown) => {
        throw explained(bucket, there, second);
      });
      regions.set(bucket, there);
      return answer;
    }
  };

  return {
    list: async ({ bucket, prefix, after }, signal) => {
      const action = "s3:ListBucket";
      const keys: string[] = [];
      let token: string | undefined;
      for (let page = 0; page < mostPages; page += 1) {
        const from = token;
        // oxlint-disable-next-line no-await-in-loop -- the next page needs this one's token
        const answer = await orNull(
          inItsRegion(bucket, async (sdk, client) =>
            call(action, signal, (options) =>
              client.send(
                new sdk.ListObjectsV2Command({
                  Bucket: bucket,
                  Prefix: prefix,
                  StartAfter: after,
                  ContinuationToken: from,
                }),
                options,
              ),
            ),
          ),
          "NoSuchBucket",
        );
        if (answer === null) return null;
        // An empty list has no Contents: what tells it from any other XML is the bucket's name.
        if (answer.Name === undefined) throw senseless(action, "the answer is no list of objects");
        keys.push(...(answer.Contents ?? []).flatMap(({ Key }) => Key ?? []));
        token = answer.NextContinuationToken;
        if (token === undefined || token === "" || token === from) return { keys, complete: true };
      }
      return { keys, complete: false };
    },
    text: async ({ bucket, key, mostBytes }, signal) => {
      const action = "s3:GetObject";
      return orNull(
        inItsRegion(bucket, async (sdk, client) =>
          call(action, signal, async (options) => {
            const command = new sdk.GetObjectCommand({ Bucket: bucket, Key: key });
            const { Body } = await client.send(command, options);
            if (Body === undefined) throw senseless(action, "the answer has no body");
            return unzipped(addAbortSignal(signal, Body as Readable), mostBytes);
          }),
        ),
        "NoSuchKey",
      );
    },
  };
}

async function unzipped(
  zipped: Readable,
  mostBytes: number,
): Promise<{ readonly text: string; readonly cut: boolean }> {
  const unzip = createGunzip();
  zipped.on("error", (error) => unzip.destroy(error));
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of zipped.pipe(unzip) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > mostBytes) break;
    }
  } finally {
    zipped.destroy();
  }
  const all = Buffer.concat(chunks);
  if (size <= mostBytes) return { text: all.toString("utf8"), cut: false };
  const lines = all.subarray(0, all.lastIndexOf("\n", mostBytes - 1) + 1);
  return { text: lines.toString("utf8"), cut: true };
}

const causeOf = (error: unknown): unknown =>
  error instanceof FactUnavailable ? error.cause : error;

/** The region that S3 names where it was asked in another one; null where it names none. */
function regionTold(error: unknown): string | null {
  const { $response: response } = (causeOf(error) ?? {}) as {
    $response?: { statusCode?: number; headers?: Readonly<Record<string, string>> };
  };
  if (response?.statusCode !== 301 && response?.statusCode !== 400) return null;
  return response.headers?.["x-amz-bucket-region"] ?? null;
}

const elsewhere = new Set([
  "PermanentRedirect",
  "AuthorizationHeaderMalformed",
  "IllegalLocationConstraintException",
  "301",
]);

function explained(bucket: string, region: string, error: unknown): unknown {
  if (!elsewhere.has(codeOf(causeOf(error)))) return error;
  return new FactUnavailable(
    {
      reason: "broken",
      detail: `the bucket ${bucket} is not in ${region}, and S3 did not lead to where it is`,
      mend: "look at what answers at the S3 endpoint; where it is AWS itself, check again",
    },
    error,
  );
}
