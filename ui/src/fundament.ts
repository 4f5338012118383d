// The islands: each adds ease to a page that works without it. Nothing here writes script or style into the page.

export {};
