/** Buckets as the real SDK reads them. */
import { gunzipSync } from "node:zlib";
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { accessLogBucketName as Bucket } from "../../../src/sandbox/world/initial/balancers.ts";
import type { WorldState } from "../../../src/sandbox/world/state.ts";
import { createClients, startBench } from "./start.ts";

const filled = (state: WorldState): void => {
  const [bucket] = state.s3.buckets;
  for (let i = 0; i < 5; i += 1) {
    bucket?.objects.push({
      key: `logs/${i} & more.log.gz`,
      availableAt: state.now() - 1_000,
      lines: [`line ${i}`],
    });
  }
  bucket?.objects.push({ key: "logs/later", availableAt: state.now() + 60_000, lines: [] });
};

describe("a bucket", () => {
  it("lists what was delivered, in the order of keys, from a key on and page by page", async () => {
    await using bench = await startBench(filled);
    const first = await bench.clients.s3.send(
      new ListObjectsV2Command({ Bucket, Prefix: "logs/", StartAfter: "logs/1", MaxKeys: 2 }),
    );
    expect([first.Contents?.map(({ Key }) => Key), first.KeyCount, first.IsTruncated]).toEqual([
      ["logs/1 & more.log.gz", "logs/2 & more.log.gz"],
      2,
      true,
    ]);
    const second = await bench.clients.s3.send(
      new ListObjectsV2Command({
        Bucket,
        Prefix: "logs/",
        StartAfter: "logs/1",
        ContinuationToken: first.NextContinuationToken,
      }),
    );
    expect([second.Contents?.map(({ Key }) => Key), second.IsTruncated]).toEqual([
      ["logs/3 & more.log.gz", "logs/4 & more.log.gz"],
      false,
    ]);
    const none = await bench.clients.s3.send(new ListObjectsV2Command({ Bucket, Prefix: "x" }));
    expect([none.Contents, none.KeyCount, none.Name]).toEqual([undefined, 0, Bucket]);
  });

  it("gives an object as it was put", async () => {
    await using bench = await startBench(filled);
    const answer = await bench.clients.s3.send(
      new GetObjectCommand({ Bucket, Key: "logs/3 & more.log.gz" }),
    );
    const bytes = await answer.Body?.transformToByteArray();
    expect(gunzipSync(bytes ?? Buffer.alloc(0)).toString()).toBe("line 3\n");
  });

  it.each([
    ["NoSuchBucket", 404, () => new ListObjectsV2Command({ Bucket: "nobodys" })],
    ["NoSuchKey", 404, () => new GetObjectCommand({ Bucket, Key: "logs/later" })],
    ["NotImplemented", 501, () => new PutObjectCommand({ Bucket, Key: "mine", Body: "x" })],
  ] as const)("says %s", async (name, httpStatusCode, command) => {
    await using bench = await startBench(filled);
    await expect(bench.clients.s3.send(command() as ListObjectsV2Command)).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode },
    });
  });

  it("answers in its own region, and says elsewhere which that is", async () => {
    await using bench = await startBench(filled);
    const { s3 } = createClients(bench.server.url, 1, "eu-west-1");
    const error: unknown = await s3
      .send(new ListObjectsV2Command({ Bucket }))
      .catch((reason: unknown) => reason);
    s3.destroy();
    expect(error).toMatchObject({
      name: "PermanentRedirect",
      $response: { statusCode: 301, headers: { "x-amz-bucket-region": "us-east-1" } },
    });
  });

  it.each(["s3:ListBucket", "s3:GetObject"])("is denied by the action %s", async (action) => {
    await using bench = await startBench(filled);
    bench.state.controlPlane.deniedActions.add(action);
    const Key = "logs/1 & more.log.gz";
    const ask = {
      "s3:ListBucket": () => bench.clients.s3.send(new ListObjectsV2Command({ Bucket })),
      "s3:GetObject": () => bench.clients.s3.send(new GetObjectCommand({ Bucket, Key })),
    };
    const failed: string[] = [];
    for (const [one, send] of Object.entries(ask)) {
      // oxlint-disable-next-line no-await-in-loop -- one control plane
      await send().catch((error: Error) => failed.push(`${one} ${error.name}`));
    }
    expect(failed).toEqual([`${action} AccessDenied`]);
  });
});
