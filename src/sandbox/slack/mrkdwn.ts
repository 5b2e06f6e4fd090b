/** How ids read: user, channel and user group ids to the names people see. */
export type Names = (id: string) => string;

/** mrkdwn as it reads: mentions by name, links with their target, no marks for bold, entities as characters. */
export const readable = (mrkdwn: string, names: Names): string =>
  mrkdwn
    .replaceAll(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, "$1")
    .replaceAll(
      /<!subteam\^(\w+)(?:\|([^>]*))?>/g,
      (_, id: string, label?: string) => label ?? `@${names(id)}`,
    )
    .replaceAll(/<!(here|channel|everyone)(?:\|[^>]*)?>/g, "@$1")
    .replaceAll(/<@(\w+)(?:\|[^>]*)?>/g, (_, id: string) => `@${names(id)}`)
    .replaceAll(
      /<#(\w+)(?:\|([^>]*))?>/g,
      (_, id: string, label?: string) => `#${label || names(id)}`,
    )
    .replaceAll(/<((?:https?|mailto):[^|>]+)\|([^>]*)>/g, "$2 ($1)")
    .replaceAll(/<((?:https?|mailto):[^>]+)>/g, "$1")
    .replaceAll(/(^|[\s(])\*([^*\n]+)\*(?=$|[\s).,:;!?])/gm, "$1$2")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
