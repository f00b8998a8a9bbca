import { z } from "zod";
import { Labels } from "../../series/labels.ts";

const NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Labels to add to series or alerts. Names that begin with two underscores are the program's own. */
export const labels = z
  .record(
    z.string().regex(NAME, {
      error: (issue) =>
        `Cannot use label name ${JSON.stringify(issue.input)}: expected letters, digits and "_", no digit or "__" first`,
    }),
    z.string(),
  )
  .transform((written) => Labels.from(Object.entries(written)));
