/** Under it lies all that is known of the inbox: whoever hears that it changed has it asked for anew. */
export const inboxKey = ['inbox'] as const;
