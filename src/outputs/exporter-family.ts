import type { RenderedFamily, RenderedSample } from "../exposition/render.ts";

/** A family of our own page, named as all of them are. */
export function family(
  type: RenderedFamily["type"],
  name: string,
  help: string,
  samples: readonly RenderedSample[],
): RenderedFamily {
  return { name: `triton_sentinel_${name}`, help, type, samples };
}
