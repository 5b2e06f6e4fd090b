import { isObject, toList, toText } from "./json.ts";
import type { Json } from "./json.ts";

/** The element of a message with this action_id, and the block it is in. */
export function findElement(
  value: unknown,
  actionId: string,
  blockId = "",
): { readonly element: Json; readonly blockId: string } | undefined {
  if (Array.isArray(value)) {
    for (const entry of value) {
      const found = findElement(entry, actionId, blockId);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isObject(value)) return undefined;
  if (value["action_id"] === actionId) return { element: value, blockId };
  const inside = toText(value["block_id"]) || blockId;
  return findElement(
    Object.values(value).filter((entry) => typeof entry === "object"),
    actionId,
    inside,
  );
}

/** What a person chose in a menu; a button carries its own value. */
export function chosen(element: Json, value: string | undefined): Json {
  if (value === undefined || element["type"] === "button") return {};
  const options = [
    ...toList(element["options"]),
    ...toList(element["option_groups"]).flatMap((group) => toList(group["options"])),
  ];
  const option = options.find((each) => each["value"] === value);
  if (options.length > 0 && option === undefined)
    throw new Error(`the menu has no option ${value}`);
  return option === undefined ? { value } : { selected_option: option };
}
