import { DescribeImagesCommand, type ECRClient } from "@aws-sdk/client-ecr";
import { DescribeSecretCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { RegistriesPort } from "#core/ports/aws.ts";
import { listed, orNull, type Call } from "./call.ts";
import { toIso } from "./values.ts";

export interface RegistriesSetting {
  readonly ecr: ECRClient;
  readonly secrets: SecretsManagerClient;
  readonly call: Call;
}

export function createRegistriesPort({ ecr, secrets, call }: RegistriesSetting): RegistriesPort {
  return {
    image: async ({ registry, repository, tag, digest }, signal) => {
      const action = "ecr:DescribeImages";
      const answer = await orNull(
        call(action, signal, (options) =>
          ecr.send(
            new DescribeImagesCommand({
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
      const answer = await orNull(
        call("secretsmanager:DescribeSecret", signal, (options) =>
          secrets.send(new DescribeSecretCommand({ SecretId }), options),
        ),
        "ResourceNotFoundException",
      );
      return answer === null ? null : { deletedAt: toIso(answer.DeletedDate) };
    },
  };
}
