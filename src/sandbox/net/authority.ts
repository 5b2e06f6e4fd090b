/**
 * A certificate authority of the world's own (ECDSA P-256). Certificates are written as DER by hand:
 * six structures of RFC 5280 are all it takes, and node:crypto signs them.
 */
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { createSecureContext } from "node:tls";
import type { SecureContext } from "node:tls";
import type { WorldState } from "../world/state.ts";

const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const size = Buffer.from(
    body.length.toString(16).padStart(body.length > 255 ? 4 : 2, "0"),
    "hex",
  );
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length]), size, body]);
};
const sequence = (...parts: Uint8Array[]): Buffer => der(0x30, ...parts);
const integer = (bytes: Uint8Array): Buffer => der(0x02, bytes);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));
const octets = (body: Uint8Array): Buffer => der(0x04, body);
const bits = (body: Uint8Array, unused = 0): Buffer => der(0x03, Buffer.from([unused]), body);
const yes = der(0x01, Buffer.from([0xff]));
const ecdsaWithSha256 = sequence(oid("2a8648ce3d040302"));

const name = (commonName: string): Buffer =>
  sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from(commonName)))));

/** GeneralizedTime is valid for every date, though RFC 5280 prefers UTCTime before 2050. */
const time = (ms: number): Buffer => {
  const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "");
  return Number(text.slice(0, 4)) < 2050
    ? der(0x17, Buffer.from(text.slice(2)))
    : der(0x18, Buffer.from(text));
};

const extension = (id: string, critical: boolean, value: Uint8Array): Buffer =>
  sequence(oid(id), ...(critical ? [yes] : []), octets(value));

interface Issuer {
  commonName: string;
  key: KeyObject;
  keyId: Buffer;
}

const keyIdOf = (publicKey: KeyObject): Buffer =>
  createHash("sha1")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest();

const certificate = (input: {
  commonName: string;
  publicKey: KeyObject;
  issuer: Issuer;
  notBefore: number;
  notAfter: number;
  names: string[] | null;
}): string => {
  const extensions = [
    extension("551d0e", false, octets(keyIdOf(input.publicKey))),
    extension("551d23", false, sequence(der(0x80, input.issuer.keyId))),
    ...(input.names === null
      ? [
          extension("551d13", true, sequence(yes)),
          extension("551d0f", true, bits(Buffer.from([0x06]), 1)),
        ]
      : [
          extension("551d0f", true, bits(Buffer.from([0x80]), 7)),
          extension("551d25", false, sequence(oid("2b06010505070301"))),
          extension(
            "551d11",
            false,
            sequence(...input.names.map((one) => der(0x82, Buffer.from(one)))),
          ),
        ]),
  ];
  const serial = Buffer.concat([Buffer.from([0x01]), randomBytes(8)]);
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    ecdsaWithSha256,
    name(input.issuer.commonName),
    sequence(time(input.notBefore), time(input.notAfter)),
    name(input.commonName),
    input.publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign("sha256", body, input.issuer.key);
  const base64 = sequence(body, ecdsaWithSha256, bits(signature)).toString("base64");
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----\n`;
};

const createIssuer = (commonName: string): Issuer & { pem: string } => {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = { commonName, key: pair.privateKey, keyId: keyIdOf(pair.publicKey) };
  const day = 86_400_000;
  const pem = certificate({
    commonName,
    publicKey: pair.publicKey,
    issuer,
    notBefore: Date.now() - 2_000 * day,
    notAfter: Date.now() + 2_000 * day,
    names: null,
  });
  return { ...issuer, pem };
};

export interface Authority {
  /** The certificate to trust. */
  pem: string;
  /** What this certificate of the world makes a server present; read on every handshake. */
  contextFor(certificateArn: string): SecureContext;
}

export const createAuthority = (state: WorldState): Authority => {
  const trusted = createIssuer("Hokusai Sandbox Root CA");
  const unknown = createIssuer("Somebody Else's CA");
  const leaf = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = leaf.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const contexts = new Map<string, SecureContext>();
  const contextOf = (certificateArn: string): SecureContext => {
    const found = state.certificates.find((one) => one.arn === certificateArn);
    if (found === undefined) throw new Error(`no certificate ${certificateArn} in this world`);
    const label = JSON.stringify(found);
    const known = contexts.get(label);
    if (known !== undefined) return known;
    const cert = certificate({
      commonName: found.names[0] ?? "",
      publicKey: leaf.publicKey,
      issuer: found.trusted ? trusted : unknown,
      notBefore: found.notBefore,
      notAfter: found.notAfter,
      names: found.names,
    });
    const context = createSecureContext({ key, cert });
    contexts.set(label, context);
    return context;
  };
  return { pem: trusted.pem, contextFor: contextOf };
};
