// The one way to the people's API: same origin, cookie session, and a header that no other site can send.

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
  ) {
    super(detail);
  }
}

type SessionEnded = () => void;
let onSessionEnded: SessionEnded | null = null;

/** Tells the app, and only the app, that the server no longer knows who is asking. */
export function whenSessionEnds(listener: SessionEnded): () => void {
  onSessionEnded = listener;
  return () => {
    if (onSessionEnded === listener) onSessionEnded = null;
  };
}

async function failure(response: Response): Promise<ApiError> {
  const fallback = `The server answered ${response.status}.`;
  try {
    const body: unknown = await response.json();
    const { code, detail } = body as { code?: unknown; detail?: unknown };
    return new ApiError(
      response.status,
      typeof code === "string" ? code : "error",
      typeof detail === "string" ? detail : fallback,
    );
  } catch {
    return new ApiError(response.status, "error", fallback);
  }
}

async function send(method: string, path: string, body?: unknown): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: "same-origin",
      cache: "no-store",
      headers: {
        "X-Lantern": "1",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new ApiError(0, "unreachable", "The server cannot be reached. Nothing was saved; try again.");
  }
  if (response.ok) return response;
  const error = await failure(response);
  if (error.status === 401 && path !== "/api/sign-in") onSessionEnded?.();
  throw error;
}

export async function get<T>(path: string): Promise<T> {
  return (await send("GET", path)).json() as Promise<T>;
}

/** Sends a command. A 204 answers null. */
export async function post<T>(path: string, body: unknown = {}): Promise<T> {
  const response = await send("POST", path, body);
  return (response.status === 204 ? null : await response.json()) as T;
}

export async function getImage(path: string): Promise<Blob> {
  return (await send("GET", path)).blob();
}

/** What to show somebody: the server's own sentence, never a stack. */
export function sentence(error: unknown): string {
  return error instanceof ApiError ? error.detail : "Something went wrong on this page. Reload and try again.";
}
