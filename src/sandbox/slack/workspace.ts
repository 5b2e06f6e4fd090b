/** Somebody in the workspace. The token lets the sandbox act as them; the bot under test never has it. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly token: string;
}

export interface People {
  readonly oncall: Person;
  readonly cs: Person;
  /** In the workspace, in no user group. */
  readonly other: Person;
  readonly bot: Person;
}

export interface SeededChannel {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly hasBot: boolean;
}

export interface UserGroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly users: readonly string[];
}

export const TEAM = { id: "T000000001", domain: "hokusai-sandbox" } as const;
export const APP_ID = "A0HOKUSAI";
export const BOT_ID = "B0HOKUSAI";
export const BOT_USER_ID = "U0HOKUSAI";

/** Who is where: what decides whether a call may touch a channel. */
export interface Workspace {
  readonly people: People;
  readonly groups: readonly UserGroup[];
  channel(idOrName: string): SeededChannel | undefined;
  channels(): readonly SeededChannel[];
  setBot(channelId: string, hasBot: boolean): void;
  /** "ola" for her user id; the id itself when nobody has it. */
  nameOf(userId: string): string;
}

export function createWorkspace(people: People, seeded: readonly SeededChannel[]): Workspace {
  const channels = new Map(seeded.map((channel) => [channel.id, channel]));
  const everyone = Object.values(people) as readonly Person[];
  return {
    people,
    groups: [
      { id: "S0ONCALL", handle: "oncall", name: "On-call", users: [people.oncall.id] },
      { id: "S0SUCCESS", handle: "customer-success", name: "Customer success", users: [people.cs.id] },
    ],
    channel: (wanted) => {
      const name = wanted.replace(/^#/, "");
      return channels.get(wanted) ?? [...channels.values()].find((channel) => channel.name === name);
    },
    channels: () => [...channels.values()],
    setBot(channelId, hasBot) {
      const channel = channels.get(channelId);
      if (channel !== undefined) channels.set(channelId, { ...channel, hasBot });
    },
    nameOf: (userId) => everyone.find(({ id }) => id === userId)?.name ?? userId,
  };
}
