// Which page needs which permission. The server decides what anybody may do; this only decides what is offered.
import type { Me } from "@/lib/api-types";

export interface Room {
  to: "/queue" | "/alerts" | "/students" | "/board";
  label: string;
  permission: string;
  /** For somebody who comes here and may not: who can. */
  forWhom: string;
}

export const ROOMS: Room[] = [
  { to: "/queue", label: "Live queue", permission: "review:queue:read", forWhom: "moderators" },
  { to: "/alerts", label: "Alerts", permission: "record:alert:read", forWhom: "safeguarding leads and their deputies" },
  { to: "/students", label: "Students", permission: "record:student:read", forWhom: "safeguarding leads and their deputies" },
  { to: "/board", label: "Board", permission: "board:times:read", forWhom: "trust safeguarding officers and safeguarding leads" },
];

export const roomsOf = (me: Me): Room[] => ROOMS.filter((room) => me.permissions.includes(room.permission));

export const mayEnter = (me: Me, permission: string): boolean => me.permissions.includes(permission);
