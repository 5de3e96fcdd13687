import { getImage } from "@/lib/api-client";

export const getScreenshot = (eventId: string) => getImage(`/api/queue/${eventId}/screenshot`);
