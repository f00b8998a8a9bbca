const ABSOLUTE = /^(?:\/|[A-Za-z]:[\\/]|\\\\)/;

/** A path that begins in a folder, as one that begins where the folder does; `.` and `..` are followed. */
function resolvePath(folder: string, path: string): string {
  const whole = ABSOLUTE.test(path) ? path : `${folder}/${path}`;
  const root = whole.startsWith("/") ? "/" : "";
  const steps: string[] = [];
  for (const step of whole.split("/")) {
    if (step === "" || step === ".") continue;
    if (step !== ".." || steps.length === 0 || steps.at(-1) === "..") {
      if (step !== ".." || root === "") steps.push(step);
    } else steps.pop();
  }
  return root + steps.join("/");
}

/** The folder of a file; "." where only a name is given. */
export function folderOf(file: string): string {
  const slash = Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\"));
  if (slash < 0) return ".";
  return slash === 0 ? "/" : file.slice(0, slash);
}

/** Makes every path in a section start from a folder: fields whose name ends in `File`, and what says that it is a file. */
export function absolutePaths<T>(value: T, folder: string): T {
  if (Array.isArray(value)) return value.map((item) => absolutePaths(item, folder)) as T;
  if (!isPlain(value)) return value;
  const isFile = value["kind"] === "file";
  const entries = Object.entries(value).map(([name, field]): [string, unknown] => {
    const isPath = name.endsWith("File") || (isFile && (name === "path" || name === "files"));
    return [name, isPath ? resolved(field, folder) : absolutePaths(field, folder)];
  });
  return Object.fromEntries(entries) as T;
}

function resolved(field: unknown, folder: string): unknown {
  if (typeof field === "string") return resolvePath(folder, field);
  return Array.isArray(field) ? field.map((path) => resolved(path, folder)) : field;
}

/** True of what sections are made of; labels, secrets and expressions are left as they are. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
