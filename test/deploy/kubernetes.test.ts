import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { loadConfig } from "../../src/config/load-config.ts";
import { ROOT, textOf } from "../house/sources.ts";
import { promtoolMissing } from "../outputs/promtool.ts";
import { prometheusRule } from "./prometheus-rule.ts";

const FOLDER = "deploy/kubernetes";
const BUILT = ["base", "overlays/kubernetes-sd", "overlays/without-operator"] as const;
const RULE = `${FOLDER}/base/prometheusrule.yaml`;

/** A Kubernetes object, as far as the tests look at it. */
interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  // biome-ignore lint/suspicious/noExplicitAny: what is in it is for the kind to say
  readonly [field: string]: any;
}

/** kubectl knows components since its kustomize has a version of its own; older ones do not count. */
const kubectlMissing = !/"kustomizeVersion": "v[5-9]/.test(
  spawnSync("kubectl", ["version", "--client", "--output=json"]).stdout?.toString() ?? "",
);

/** What `kubectl apply -k` would send. */
function build(path: string): readonly Manifest[] {
  const { status, stdout, stderr } = spawnSync("kubectl", ["kustomize", path], { cwd: join(ROOT, FOLDER) });
  if (status !== 0) throw new Error(stderr.toString());
  return parseAllDocuments(stdout.toString()).map((document) => document.toJS());
}

const written = (name: string): Manifest => parse(textOf(`${FOLDER}/base/${name}.yaml`));

describe("the Deployment as it is written", () => restricted(() => written("deployment")));

/** What the restricted profile of Kubernetes' pod security standards asks for, and more. */
function restricted(deployment: () => Manifest): void {
  const podOf = () => deployment().spec.template.spec;

  test("runs one of it, and never two at a time", () => {
    const { replicas, strategy } = deployment().spec;
    expect({ replicas, strategy }).toEqual({ replicas: 1, strategy: { type: "Recreate" } });
  });

  test("runs as a user that is not root, under the runtime's seccomp profile", () => {
    expect(podOf().securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 65_532,
      seccompProfile: { type: "RuntimeDefault" },
    });
    const { hostNetwork, hostPID, hostIPC } = podOf();
    expect([hostNetwork, hostPID, hostIPC]).toEqual([undefined, undefined, undefined]);
  });

  test("has a file system it cannot write and no right that can be taken away", () => {
    for (const { securityContext } of podOf().containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        privileged: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    }
    for (const volume of podOf().volumes) expect(volume.hostPath).toBeUndefined();
  });

  test("is probed, and bounded in what it takes", () => {
    const [container] = podOf().containers;
    expect(container.livenessProbe.httpGet.path).toBe("/-/healthy");
    expect(container.startupProbe.httpGet.path).toBe("/-/healthy");
    expect(container.readinessProbe.httpGet.path).toBe("/-/ready");
    expect(Object.keys(container.resources.limits)).toEqual(["cpu", "memory"]);
    expect(Object.keys(container.resources.requests)).toEqual(["cpu", "memory"]);
  });
}

describe.skipIf(kubectlMissing).each(BUILT)("kubectl kustomize %s", (path) => {
  let manifests: readonly Manifest[] = [];
  const of = (kind: string): Manifest => manifests.find((manifest) => manifest.kind === kind)!;

  test("builds, every object under the name and the label of the program", () => {
    manifests = build(path);
    expect(manifests.length).toBeGreaterThan(4);
    for (const { kind, metadata } of manifests) {
      expect(metadata.name, kind).toMatch(/^triton-sentinel/);
      if (!/^Role/.test(kind)) expect(metadata.labels).toMatchObject({ "app.kubernetes.io/name": "triton-sentinel" });
    }
  });

  restricted(() => of("Deployment"));

  test("gives the pod a token of the cluster only where it asks the cluster for pods", () => {
    const asks = path === "overlays/kubernetes-sd";
    expect(of("Deployment").spec.template.spec.automountServiceAccountToken).toBe(asks);
    expect(of("Role")?.rules).toEqual(
      asks ? [{ apiGroups: [""], resources: ["pods"], verbs: ["list", "watch"] }] : undefined,
    );
    expect(manifests.filter(({ kind }) => kind.startsWith("Cluster"))).toEqual([]);
  });

  test("mounts a configuration without mistakes, which serves on the port that is probed", () => {
    const { metadata, data } = of("ConfigMap");
    const pod = of("Deployment").spec.template.spec;
    expect(pod.volumes[0].configMap.name).toBe(metadata.name);
    const loaded = loadConfig("triton-sentinel.yml", data["triton-sentinel.yml"], new Map(), "/etc/triton-sentinel");
    expect(loaded.kind === "ok" ? "" : loaded.mistakes).toBe("");
    const { port } = loaded.kind === "ok" ? loaded.config.web.listenAddress : { port: 0 };
    expect(pod.containers[0].ports[0].containerPort).toBe(port);
    expect(of("Service").spec.ports[0].port).toBe(port);
    expect(of("NetworkPolicy").spec.ingress[0].ports[0].port).toBe(port);
  });

  test("selects the same pods everywhere, by a label they have", () => {
    const label = { "app.kubernetes.io/name": "triton-sentinel" };
    expect(of("Deployment").spec.template.metadata.labels).toMatchObject(label);
    expect(of("Deployment").spec.selector.matchLabels).toEqual(label);
    expect(of("Service").spec.selector).toEqual(label);
    expect(of("NetworkPolicy").spec.podSelector.matchLabels).toEqual(label);
    if (path !== "overlays/without-operator") expect(of("ServiceMonitor").spec.selector.matchLabels).toEqual(label);
  });

  test("closes the network but for names, Tritons, Alertmanager and, where it is asked, the API", () => {
    const { policyTypes, egress } = of("NetworkPolicy").spec;
    expect(policyTypes).toEqual(["Ingress", "Egress"]);
    const ports = egress.flatMap((rule: { ports: { port: number }[] }) => rule.ports.map(({ port }) => port));
    expect([...new Set(ports)]).toEqual([53, 8002, 9093, ...(path === "overlays/kubernetes-sd" ? [443, 6443] : [])]);
  });

  test("names an image of one version", () => {
    const { version } = JSON.parse(textOf("package.json"));
    expect(of("Deployment").spec.template.spec.containers[0].image).toBe(`triton-sentinel:${version}`);
  });

  test("leaves out what only the Prometheus operator knows where there is none", () => {
    const known = ["ServiceMonitor", "PrometheusRule"].filter((kind) => of(kind) !== undefined);
    expect(known.length).toBe(path === "overlays/without-operator" ? 0 : 2);
  });
});

describe("the PrometheusRule", () => {
  test("is rules/prometheus/triton-sentinel.yml in the operator's words (UPDATE_GOLDEN=prometheusrule writes it)", () => {
    const expected = prometheusRule(textOf("rules/prometheus/triton-sentinel.yml"));
    if (process.env["UPDATE_GOLDEN"] === "prometheusrule") writeFileSync(join(ROOT, RULE), expected);
    expect(textOf(RULE)).toBe(expected);
  });

  test.skipIf(promtoolMissing)("pleases promtool", () => {
    const folder = mkdtempSync(join(tmpdir(), "rule-"));
    try {
      const file = join(folder, "rules.json");
      writeFileSync(file, JSON.stringify(parse(textOf(RULE)).spec));
      const { status, stdout, stderr } = spawnSync("promtool", ["check", "rules", "--lint=all", "--lint-fatal", file]);
      expect({ status, said: `${stdout}${stderr}` }).toMatchObject({ status: 0 });
      expect(stdout.toString()).toMatch(/SUCCESS: [1-9]\d* rules found/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test("the headless Service of the example has the name and the port the base asks for", () => {
  const { metadata, spec } = parse(textOf(`${FOLDER}/examples/triton-headless-service.yaml`));
  expect(spec.clusterIP).toBe("None");
  const { scrape_configs } = parse(textOf(`${FOLDER}/base/triton-sentinel.yml`));
  expect(scrape_configs[0].dns_sd_configs[0]).toMatchObject({
    names: [`${metadata.name}.${metadata.namespace}.svc.cluster.local`],
    port: spec.ports[0].port,
  });
});
