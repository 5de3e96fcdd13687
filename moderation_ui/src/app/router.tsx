import { createRootRoute, createRoute, createRouter, Navigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { AlertList } from "@/features/alerts/components/alert-list";
import { ReviewScreen } from "@/features/live-queue/components/review-screen";
import { StudentSearch } from "@/features/records/components/student-search";
import { BoardPage } from "@/features/trust-overview/components/board-page";
import { AcknowledgeRoute } from "./pages/acknowledge-route";
import { AlertRoute } from "./pages/alert-route";
import { HomePage } from "./pages/home-page";
import { MissingPage } from "./pages/missing-page";
import { RecordRoute } from "./pages/record-route";
import { RoomDoor } from "./pages/room-door";
import { Shell } from "./shell";

const rootRoute = createRootRoute({ component: Shell, notFoundComponent: MissingPage });

const behind = (permission: string, page: ReactNode) => () => <RoomDoor permission={permission}>{page}</RoomDoor>;

const routes = [
  createRoute({ getParentRoute: () => rootRoute, path: "/", component: HomePage }),
  createRoute({ getParentRoute: () => rootRoute, path: "/sign-in", component: () => <Navigate to="/" replace /> }),
  createRoute({ getParentRoute: () => rootRoute, path: "/queue", component: behind("review:queue:read", <ReviewScreen />) }),
  createRoute({ getParentRoute: () => rootRoute, path: "/alerts", component: behind("record:alert:read", <AlertList />) }),
  createRoute({ getParentRoute: () => rootRoute, path: "/alerts/$alertId", component: behind("record:alert:read", <AlertRoute />) }),
  createRoute({ getParentRoute: () => rootRoute, path: "/students", component: behind("record:student:read", <StudentSearch />) }),
  createRoute({ getParentRoute: () => rootRoute, path: "/students/$studentId", component: behind("record:student:read", <RecordRoute />) }),
  createRoute({ getParentRoute: () => rootRoute, path: "/board", component: behind("board:times:read", <BoardPage />) }),
  createRoute({ getParentRoute: () => rootRoute, path: "/acknowledge/$token", component: AcknowledgeRoute }),
];

export const router = createRouter({ routeTree: rootRoute.addChildren(routes) });

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
