/** Answers of AWS and of what imitates it leave fields out: each reader says what that means. */
export const toIso = (time: Date | number | string | undefined): string | null => {
  if (time === undefined) return null;
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
};

export const present = <Item>(
  items: readonly (Item | null | undefined)[] | undefined,
): readonly Item[] =>
  (items ?? []).filter((item): item is Item => item !== null && item !== undefined);

/** Groups of at most `size`, for calls that take so many names. */
export const inGroups = <Item>(
  items: readonly Item[],
  size: number,
): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );

/** Reads pages until no token comes back; `most` bounds an endpoint that never stops. */
export async function allPages<Item>(
  page: (
    token: string | undefined,
  ) => Promise<{ items: readonly Item[]; token: string | undefined }>,
  most = 50,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  let token: string | undefined;
  for (let count = 0; count < most; count += 1) {
    // oxlint-disable-next-line no-await-in-loop -- the next page needs this one's token
    const answer = await page(token);
    all.push(...answer.items);
    if (answer.token === undefined || answer.token === "" || answer.token === token) return all;
    token = answer.token;
  }
  return all;
}
