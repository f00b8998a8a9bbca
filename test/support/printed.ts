import { afterEach, beforeEach, vi } from "vitest";

/**
 * Keeps what each test of a file would print, and gives it an exit code of its own.
 * @returns what was printed since the test began; to look at a second command alone, empty it
 */
export function keepPrinted(): { stdout: string; stderr: string } {
  const printed = { stdout: "", stderr: "" };
  beforeEach(() => {
    for (const name of ["stdout", "stderr"] as const) {
      printed[name] = "";
      vi.spyOn(process[name], "write").mockImplementation((text) => {
        printed[name] += text;
        return true;
      });
    }
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  });
  return printed;
}
