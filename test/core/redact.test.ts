import { describe, expect, it } from "vitest";
import { createRedactor } from "#core/redact.ts";

const redactor = createRedactor(["s3cr3t-of-our-own/+value"]);
const fakeKey = (prefix: string, body: string): string => prefix + body;

describe("redactor", () => {
  it.each([
    [
      "customer key",
      `used ${fakeKey("hk_", "live_1234567890abcdef")} today`,
      "live_1234567890abcdef",
    ],
    ["bot token", fakeKey("xoxb-", "1234-5678-abcdefghij"), "abcdefghij"],
    ["app token", fakeKey("xapp-", "1-A123-456-abcdef"), "abcdef"],
    ["linear key", fakeKey("lin_api_", "abcdefghijklmnop1234"), "abcdefghijklmnop"],
    ["hub token", fakeKey("hf_", "AbCdEfGhIjKlMnOpQrSt"), "AbCdEfGhIj"],
    ["github token", fakeKey("ghp_", "abcdefghijklmnopqrstuvwxyz0123456789"), "abcdefghijklm"],
    ["aws key id", fakeKey("AKIA", "ABCDEFGHIJKLMNOP"), "ABCDEFGHIJKL"],
    [
      "jwt",
      `${fakeKey("eyJ", "hbGciOiJIUzI1NiJ9")}.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl`,
      "c2lnbmF0dXJl",
    ],
    ["bearer", "Authorization: Bearer abc.def-ghi_jkl", "abc.def-ghi_jkl"],
    ["basic", "Authorization: Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNz"],
    ["url password", "postgres://app:pa55-w0rd@db.internal:5432/api", "pa55-w0rd"],
    ["key=value", "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIK7MDENG", "wJalrXUtnFEMI"],
    ["json value", '{"api_key": "zxcvbnmasdf"}', "zxcvbnmasdf"],
    ["query", "https://x.example/a?token=qwertyuiop&b=1", "qwertyuiop"],
    [
      "private key",
      "-----BEGIN RSA PRIVATE KEY-----\nMIIEabc\n-----END RSA PRIVATE KEY-----",
      "MIIEabc",
    ],
    ["email", "failed for jane.doe@customer.example", "jane.doe"],
    ["our own value", "x s3cr3t-of-our-own/+value y", "s3cr3t-of-our-own"],
  ])("removes a %s", (_, input, secret) => {
    const output = redactor.text(input);
    expect(output).not.toContain(secret);
    expect(output).toContain("removed]");
  });

  it.each([
    "POST /api/v1/models/21/predict 503 in 2003 ms",
    "arn:aws:ecs:us-east-1:123456789012:service/hokusai-development/hokusai-api-development",
    "sg-0a1b2c3d revoked tcp 443 0.0.0.0/0",
    "no key: 401 in 12 ms; with the scoped key: 503 after 10.0 s",
    "HUGGINGFACE_API_KEY is not set",
    "grant secretsmanager:DescribeSecret",
    "arn:aws:secretsmanager:us-east-1:123456789012:secret:hokusai/huggingface-AbCdEf",
    "sha256:5f2b8e6d0c4a3b1e9f8d7c6b5a493827161504f3e2d1c0b9a8f7e6d5c4b3a291",
  ])("leaves %s alone", (line) => {
    expect(redactor.text(line)).toBe(line);
  });

  it("keeps the shape of JSON and its keys", () => {
    const input = { token: "plain", list: [{ note: "Bearer abcdefgh" }], n: 3, none: null };
    expect(redactor.json(input)).toEqual({
      token: "plain",
      list: [{ note: "Bearer [authorization removed]" }],
      n: 3,
      none: null,
    });
  });

  it("is linear on adversarial input", () => {
    const time = (size: number): number => {
      const input =
        "eyJ".repeat(size) + "a=".repeat(size) + "-----BEGIN ".repeat(size) + "a@".repeat(size);
      const from = performance.now();
      redactor.text(input);
      return performance.now() - from;
    };
    time(1000);
    const small = Math.max(0.5, time(4000));
    // Quadratic work would be 64 times as much.
    expect(time(32_000) / small).toBeLessThan(40);
  });
});
