export interface EcrImage {
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** "1234.dkr.ecr.us-east-1.amazonaws.com/api:5e3a917" in its parts; null for images of other registries. */
export function toEcrImage(image: string): EcrImage | null {
  const parts =
    /^(\d{12})\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?\/([^:@]+)(?::([^@]+))?(?:@(sha256:[0-9a-f]{64}))?$/u.exec(
      image,
    );
  if (parts === null) return null;
  const [, registry = "", repository = "", tag, digest] = parts;
  if (digest !== undefined) return { registry, repository, digest };
  return { registry, repository, tag: tag ?? "latest" };
}

/** The tag that is a commit, by its form; null where no tag is one. */
export const commitOf = (tags: readonly string[]): string | null =>
  tags
    .flatMap((tag) => /(?:^|[-_.])([0-9a-f]{7,40})$/u.exec(tag)?.[1] ?? [])
    .toSorted((a, b) => b.length - a.length)[0] ?? null;
