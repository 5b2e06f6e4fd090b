import type { ECSClient } from "@aws-sdk/client-ecs";
import type { IdentityPort } from "#core/ports/aws.ts";
import { senseless, type Call } from "./call.ts";

const action = "sts:GetCallerIdentity";

export interface IdentitySetting {
  /** Any client: its credentials, signer and connections are what is asked with. */
  readonly client: ECSClient;
  readonly region: string;
  /** Null for AWS itself. */
  readonly endpoint: string | null;
  readonly call: Call;
}

/**
 * Asks STS with the signer of a client that is open anyway: one call of the Query protocol is not worth
 * another SDK client. Source: "GetCallerIdentity", AWS STS API reference.
 */
export function createIdentityPort(setting: IdentitySetting): IdentityPort {
  const { client, region, endpoint, call } = setting;
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  const url = new URL(endpoint ?? `https://sts.${region}.${domain}`);
  return {
    caller: async (signal) => {
      const text = await call(action, signal, async ({ abortSignal }) => {
        const signer = await client.config.signer({
          name: "sigv4",
          signingName: "sts",
          signingRegion: region,
          properties: {},
        });
        const request = await signer.sign({
          method: "POST",
          protocol: url.protocol,
          hostname: url.hostname,
          path: url.pathname,
          ...(url.port === "" ? {} : { port: Number(url.port) }),
          query: {},
          headers: {
            host: url.host,
            "content-type": "application/x-www-form-urlencoded; charset=utf-8",
          },
          body: "Action=GetCallerIdentity&Version=2011-06-15",
        });
        const { response } = await client.config.requestHandler.handle(request, { abortSignal });
        const body = new TextDecoder().decode(await client.config.streamCollector(response.body));
        if (response.statusCode === 200) return body;
        throw Object.assign(new Error(tagged(body, "Message") ?? body.slice(0, 120)), {
          name: tagged(body, "Code") ?? "",
          $metadata: { httpStatusCode: response.statusCode },
        });
      });
      const account = tagged(text, "Account");
      if (account === null || !/^\d{12}$/u.test(account))
        throw senseless(action, "the answer names no account");
      return { account };
    },
  };
}

const tagged = (xml: string, name: string): string | null =>
  new RegExp(`<${name}>([^<]*)</${name}>`, "u").exec(xml)?.[1] ?? null;
