/** ECR and Secrets Manager: what tasks need before they can start. Secret values are never served. */
import type { ImageDetail, Repository, Secret } from "../world/state.ts";
import { optionalNumber, optionalText, requiredText, structures, toDate } from "./call.ts";
import type { AwsCall, Operations } from "./call.ts";
import { AwsError } from "./error.ts";
import { sizeWithin, toPage } from "./paging.ts";

const invalid = (message: string): AwsError => new AwsError("InvalidParameterException", message);

export const ecrOperations: Operations = {
  DescribeImages: (call) => {
    const repository = repositoryOf(call);
    const wanted = structures(call, "imageIds");
    const images =
      wanted.length === 0 ? repository.images : wanted.map((id) => imageOf(call, repository, id));
    const size = sizeWithin(
      optionalNumber(call, "maxResults"),
      100,
      1000,
      invalid("maxResults must be between 1 and 1000"),
    );
    const invalidToken = invalid("The nextToken is not valid");
    const page = toPage(images, optionalText(call, "nextToken"), size, invalidToken);
    return {
      imageDetails: page.items.map((one) => ({
        registryId: call.state.account,
        repositoryName: repository.name,
        imageDigest: one.imageDigest,
        imageTags: one.imageTags,
        imageSizeInBytes: one.imageSizeInBytes,
        imagePushedAt: toDate(one.imagePushedAt),
      })),
      nextToken: page.next,
    };
  },
};

const repositoryOf = (call: AwsCall): Repository => {
  const name = requiredText(call, "repositoryName");
  const repository = call.state.ecr.repositories.find((one) => one.name === name);
  if (repository !== undefined) return repository;
  const registry = `the registry with id '${call.state.account}'`;
  const message = `The repository with name '${name}' does not exist in ${registry}`;
  throw new AwsError("RepositoryNotFoundException", message);
};

const imageOf = (
  call: AwsCall,
  repository: Repository,
  id: Record<string, unknown>,
): ImageDetail => {
  const tag = typeof id["imageTag"] === "string" ? id["imageTag"] : undefined;
  const digest = typeof id["imageDigest"] === "string" ? id["imageDigest"] : undefined;
  const image = repository.images.find(
    (one) =>
      (tag === undefined || one.imageTags.includes(tag)) &&
      (digest === undefined || one.imageDigest === digest),
  );
  if (image !== undefined) return image;
  const shown = `{imageDigest:'${digest ?? "null"}', imageTag:'${tag ?? "null"}'}`;
  const where = `the repository with name '${repository.name}' in the registry with id`;
  throw new AwsError(
    "ImageNotFoundException",
    `The image with imageId ${shown} does not exist within ${where} '${call.state.account}'`,
  );
};

export const secretsManagerOperations: Operations = {
  DescribeSecret: (call) => {
    const id = requiredText(call, "SecretId");
    const secret = call.state.secrets.find((one) => isNamed(one, id));
    if (secret === undefined) {
      const message = "Secrets Manager can't find the specified secret.";
      throw new AwsError("ResourceNotFoundException", message);
    }
    return {
      ARN: secret.arn,
      Name: secret.name,
      RotationEnabled: false,
      CreatedDate: toDate(secret.createdAt),
      LastChangedDate: toDate(secret.lastChangedAt),
      DeletedDate: toDate(secret.deletedAt),
      Tags: [],
    };
  },
};

/** By name, by ARN, or by ARN without the six characters that AWS appends. */
const isNamed = (secret: Secret, id: string): boolean =>
  secret.name === id || secret.arn === id || secret.arn.replace(/-\w{6}$/u, "") === id;
