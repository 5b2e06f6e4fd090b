import type * as Ecr from "@aws-sdk/client-ecr";
import type * as Secrets from "@aws-sdk/client-secrets-manager";
import type { RegistriesPort } from "#core/ports/aws.ts";
import { listed, orNull, type Call } from "./call.ts";
import { toIso } from "./values.ts";

export interface RegistriesSetting {
  readonly loadEcr: () => Promise<{ readonly sdk: typeof Ecr; readonly client: Ecr.ECRClient }>;
  readonly loadSecrets: () => Promise<{
    readonly sdk: typeof Secrets;
    readonly client: Secrets.SecretsManagerClient;
  }>;
  readonly call: Call;
}

export function createRegistriesPort({
  loadEcr,
  loadSecrets,
  call,
}: RegistriesSetting): RegistriesPort {
  return {
    image: async ({ registry, repository, tag, digest }, signal) => {
      const action = "ecr:DescribeImages";
      const { sdk, client } = await loadEcr();
      const answer = await orNull(
        call(action, signal, (options) =>
          client.send(
            new sdk.DescribeImagesCommand({
              registryId: registry ?? undefined,
              repositoryName: repository,
              imageIds: [{ imageTag: tag, imageDigest: digest }],
            }),
            options,
          ),
        ),
        "ImageNotFoundException",
        "RepositoryNotFoundException",
      );
      const image =
        answer === null ? undefined : listed(action, "imageDetails", answer.imageDetails)[0];
      return image === undefined
        ? null
        : {
            digest: image.imageDigest ?? "",
            tags: image.imageTags ?? [],
            pushedAt: toIso(image.imagePushedAt),
          };
    },
    secret: async (SecretId, signal) => {
      const { sdk, client } = await loadSecrets();
      const answer = await orNull(
        call("secretsmanager:DescribeSecret", signal, (options) =>
          client.send(new sdk.DescribeSecretCommand({ SecretId }), options),
        ),
        "ResourceNotFoundException",
      );
      return answer === null ? null : { deletedAt: toIso(answer.DeletedDate) };
    },
  };
}
