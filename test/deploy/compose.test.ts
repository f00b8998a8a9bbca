import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ROOT, textOf } from "../house/sources.ts";
import { promtoolMissing } from "../outputs/promtool.ts";

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly networks: readonly string[];
  readonly ports?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly privileged?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: object;
  readonly volumes: object;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const FOLDER = "deploy/compose";
const compose: Compose = parse(textOf(`${FOLDER}/compose.yml`), { merge: true });
const services = Object.entries(compose.services);

test("it has everything from Triton to Grafana", () => {
  expect(Object.keys(compose.services)).toEqual(["triton", "sentinel", "prometheus", "alertmanager", "grafana"]);
});

describe.each(services)("%s", (name, service) => {
  test("is an image of one version", () => {
    const image = service.image.replace(/^\$\{\w+:-(.*)\}$/, "$1");
    expect(image).toMatch(/:[v\d][\w.-]*$/);
  });

  test("mounts what is there, to be read only, or a volume that is declared", () => {
    for (const volume of service.volumes ?? []) {
      const [from, to, mode] = volume.split(":");
      expect(to).toMatch(/^\//);
      if (from!.startsWith(".")) {
        expect(existsSync(resolve(ROOT, FOLDER, from!)), from).toBe(true);
        expect(mode, volume).toBe("ro");
      } else expect(compose.volumes).toHaveProperty(from!);
    }
  });

  test("has no rights it does not need", () => {
    expect(service.privileged).toBeUndefined();
    expect(service.cap_drop).toEqual(["ALL"]);
    expect(service.security_opt).toEqual(["no-new-privileges:true"]);
    // Triton unpacks models and backends into its own folders.
    if (name !== "triton") expect(service.read_only).toBe(true);
  });

  test("is reached from this machine alone", () => {
    expect((service.ports ?? []).filter((port) => !port.startsWith("127.0.0.1:"))).toEqual([]);
    for (const network of service.networks) expect(compose.networks).toHaveProperty(network);
  });

  test("gets its secrets as files that are declared", () => {
    for (const secret of service.secrets ?? []) expect(compose.secrets[secret]?.file).toMatch(/^\.\/secrets\//);
    const spelled = Object.entries(service.environment ?? {}).filter(([key]) => /PASSWORD|TOKEN/.test(key));
    for (const [key, value] of spelled)
      expect([key.endsWith("__FILE"), value.startsWith("/run/secrets/")]).toEqual([true, true]);
  });
});

test("secrets are kept out of the repository", () => {
  expect(textOf(`${FOLDER}/secrets/.gitignore`)).toMatch(/^\*$/m);
});

test("the sentinel is built from this repository, as the version it has", () => {
  const { build, image } = compose.services["sentinel"]!;
  expect(existsSync(join(ROOT, FOLDER, build!.context, build!.dockerfile))).toBe(true);
  expect(image).toBe(`triton-sentinel:${JSON.parse(textOf("package.json")).version}`);
});

describe("Grafana", () => {
  const provisioning = "deploy/grafana/provisioning";
  const { volumes, environment } = compose.services["grafana"]!;
  const mounted = (target: string): string | undefined =>
    volumes!.find((volume) => volume.split(":")[1] === target)?.split(":")[0];

  test("is provisioned with the dashboard where it looks for it", () => {
    const { providers } = parse(textOf(`${provisioning}/dashboards/triton-sentinel.yml`));
    const folder = mounted(providers[0].options.path);
    expect(existsSync(resolve(ROOT, FOLDER, folder!, "triton-sentinel.json"))).toBe(true);
    expect(environment!["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]).toBe(
      `${providers[0].options.path}/triton-sentinel.json`,
    );
  });

  test("has Prometheus as its data source", () => {
    const { datasources } = parse(textOf(`${provisioning}/datasources/prometheus.yml`));
    expect(datasources[0]).toMatchObject({ type: "prometheus", isDefault: true, url: "$PROMETHEUS_URL" });
    expect(environment!["PROMETHEUS_URL"]).toBe("http://prometheus:9090");
  });
});

test.skipIf(promtoolMissing)("Prometheus' configuration and rules please promtool", () => {
  const { status, stdout, stderr } = spawnSync("promtool", ["check", "config", "prometheus.yml"], {
    cwd: join(ROOT, FOLDER, "prometheus"),
  });
  expect(`${stdout}${stderr}`).toContain("1 rules found");
  expect(status).toBe(0);
});

const amtoolMissing = spawnSync("amtool", ["--version"]).error !== undefined;

test.skipIf(amtoolMissing)("Alertmanager's configuration pleases amtool", () => {
  const { status, stdout, stderr } = spawnSync("amtool", ["check-config", "alertmanager.yml"], {
    cwd: join(ROOT, FOLDER, "alertmanager"),
  });
  expect({ status, said: `${stdout}${stderr}` }).toMatchObject({ status: 0 });
});
