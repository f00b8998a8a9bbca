import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { CertificateAuthority } from "../../support/certificates.ts";
import type { FakeKubernetes, KubernetesObject } from "../../support/fake-kubernetes.ts";
import { Cluster, type Options, pod } from "./cluster.ts";
import type { Finds } from "./ports.ts";

let api: FakeKubernetes;
let cluster: Cluster;

beforeEach(async () => {
  cluster = await Cluster.start();
  api = cluster.api;
});

const discover = (options: Options = {}): Finds => cluster.discover(options);

const POD_LABELS = {
  __meta_kubernetes_namespace: "ml",
  __meta_kubernetes_pod_name: "triton-0",
  __meta_kubernetes_pod_ip: "10.0.0.1",
  __meta_kubernetes_pod_uid: "uid-triton-0",
  __meta_kubernetes_pod_ready: "true",
  __meta_kubernetes_pod_phase: "Running",
  __meta_kubernetes_pod_node_name: "node-1",
  __meta_kubernetes_pod_host_ip: "192.168.0.1",
  __meta_kubernetes_pod_controller_kind: "ReplicaSet",
  __meta_kubernetes_pod_controller_name: "triton-5d",
  __meta_kubernetes_pod_label_app_kubernetes_io_name: "triton",
  __meta_kubernetes_pod_labelpresent_app_kubernetes_io_name: "true",
  __meta_kubernetes_pod_annotation_a_b: "<script>",
  __meta_kubernetes_pod_annotationpresent_a_b: "true",
};
const portLabels = (name: string, port: number) => ({
  __address__: `10.0.0.1:${port}`,
  __meta_kubernetes_pod_container_name: "triton",
  __meta_kubernetes_pod_container_image: "triton:25.01",
  __meta_kubernetes_pod_container_id: "containerd://1",
  __meta_kubernetes_pod_container_init: "false",
  __meta_kubernetes_pod_container_port_name: name,
  __meta_kubernetes_pod_container_port_number: String(port),
  __meta_kubernetes_pod_container_port_protocol: "TCP",
});

describe("pods", () => {
  test("are targets by their container ports, with Prometheus' labels", async () => {
    api.apply("pods", pod("triton-0"));
    const finds = discover();
    await finds.count(1);
    expect(finds.targets).toEqual([
      { ...POD_LABELS, ...portLabels("http", 8000) },
      { ...POD_LABELS, ...portLabels("metrics", 8002) },
    ]);
  });

  test("without an address are none, and a container without ports is one by the address alone", async () => {
    const bare = pod("bare");
    api.apply("pods", pod("starting", ""));
    api.apply("pods", { ...bare, spec: { containers: [{ name: "x" }] }, status: { podIP: "fd00::1" } });
    const finds = discover();
    await finds.count(1);
    expect(finds.targets).toMatchObject([
      { __address__: "fd00::1", __meta_kubernetes_pod_ready: "unknown", __meta_kubernetes_pod_container_name: "x" },
    ]);
  });

  test("that the API server describes in a way nobody understands are left out", async () => {
    api.apply("pods", { metadata: { name: "odd", namespace: "ml" }, spec: 7 });
    api.apply("pods", pod("triton-0"));
    const finds = discover();
    await finds.count(1);
    expect(finds.addresses).toEqual(["10.0.0.1:8000", "10.0.0.1:8002"]);
  });

  test("of very many ports are as many targets as one may have, with as many labels", async () => {
    const many = pod("triton-0");
    const names = Array.from({ length: 300 }, (_, i) => [`l${i}`, "x"]);
    const ports = Array.from({ length: 5_000 }, (_, i) => ({ containerPort: i + 1 }));
    const containers = Array.from({ length: 100 }, (_, i) => ({ name: `c${i}`, ports: i === 0 ? ports : [] }));
    const metadata = { ...many.metadata, labels: Object.fromEntries(names), annotations: Object.fromEntries(names) };
    api.apply("pods", { ...many, metadata, spec: { containers } });
    const finds = discover();
    await finds.count(1);
    expect(finds.targets).toHaveLength(128);
    expect(Object.keys(finds.targets[0] ?? {}).length).toBeLessThan(200);
  });

  test("are listed page by page, in the namespaces and with the selectors that are wanted", async () => {
    api.pageSize = 2;
    for (let i = 0; i < 5; i++) api.apply("pods", pod(`triton-${i}`, `10.0.0.${i}`));
    api.apply("pods", pod("other", "10.0.1.1", "other"));
    const finds = discover({
      namespaces: { names: ["ml"], ownNamespace: false },
      selectors: [{ role: "pod", label: "app=triton", field: "status.phase=Running" }],
    });
    await finds.count(1);
    expect(finds.targets).toHaveLength(10);
    expect(api.requests.slice(0, 3)).toEqual(
      ["", "&continue=2", "&continue=4"].map(
        (more) =>
          `/api/v1/namespaces/ml/pods?labelSelector=app%3Dtriton&fieldSelector=status.phase%3DRunning&limit=500${more}`,
      ),
    );
  });
});

describe("endpoints", () => {
  const endpoints: KubernetesObject = {
    metadata: { name: "triton", namespace: "ml", labels: { app: "triton" } },
    subsets: [
      {
        addresses: [
          { ip: "10.0.0.1", nodeName: "node-1", targetRef: { kind: "Pod", name: "triton-0", namespace: "ml" } },
        ],
        notReadyAddresses: [{ ip: "10.9.9.9", hostname: "outside" }],
        ports: [{ name: "metrics", port: 8002, protocol: "TCP" }],
      },
    ],
  };

  test("carry the labels of service and pod, and bring the pods' other ports with them", async () => {
    api.apply("pods", pod("triton-0"));
    api.apply("services", { metadata: { name: "triton", namespace: "ml", labels: { team: "vision" } } });
    api.apply("endpoints", endpoints);
    const finds = discover({ role: "endpoints" });
    await finds.count(1);
    const common = {
      __meta_kubernetes_namespace: "ml",
      __meta_kubernetes_endpoints_name: "triton",
      __meta_kubernetes_endpoints_label_app: "triton",
      __meta_kubernetes_endpoints_labelpresent_app: "true",
      __meta_kubernetes_service_name: "triton",
      __meta_kubernetes_service_label_team: "vision",
      __meta_kubernetes_service_labelpresent_team: "true",
    };
    const port = { __meta_kubernetes_endpoint_port_name: "metrics", __meta_kubernetes_endpoint_port_protocol: "TCP" };
    expect(finds.targets).toEqual([
      {
        ...common,
        ...port,
        ...POD_LABELS,
        ...portLabels("metrics", 8002),
        __meta_kubernetes_endpoint_ready: "true",
        __meta_kubernetes_endpoint_address_target_kind: "Pod",
        __meta_kubernetes_endpoint_address_target_name: "triton-0",
        __meta_kubernetes_endpoint_node_name: "node-1",
      },
      {
        ...common,
        ...port,
        __address__: "10.9.9.9:8002",
        __meta_kubernetes_endpoint_ready: "false",
        __meta_kubernetes_endpoint_hostname: "outside",
      },
      { ...common, ...POD_LABELS, ...portLabels("http", 8000) },
    ]);
  });

  test("of very many addresses and ports are as many targets as one object may make", async () => {
    const addresses = Array.from({ length: 2_000 }, (_, i) => ({ ip: `10.0.${i >> 8}.${i & 255}` }));
    const ports = Array.from({ length: 2_000 }, (_, i) => ({ port: i + 1 }));
    api.apply("endpoints", { ...endpoints, subsets: [{ addresses, ports }] });
    const finds = discover({ role: "endpoints" });
    await finds.count(1);
    expect(finds.targets).toHaveLength(4_096);
  });

  test("without subsets, service or pod are found as far as they go", async () => {
    api.apply("endpoints", { metadata: { name: "empty", namespace: "ml" }, subsets: null });
    api.apply("endpoints", endpoints);
    const finds = discover({ role: "endpoints", selectors: [{ role: "endpoints", label: "app", field: "" }] });
    await finds.count(1);
    expect(finds.addresses).toEqual(["10.0.0.1:8002", "10.9.9.9:8002"]);
    expect(api.requests.filter((request) => request.includes("labelSelector=app"))).toContainEqual(
      expect.stringContaining("/api/v1/endpoints?"),
    );
  });
});

describe("inside the cluster", () => {
  test("the pod's own account is used: its CA, its namespace and its token, read anew each time", async () => {
    const authority = new CertificateAuthority();
    cluster = await Cluster.start(authority.issue("127.0.0.1"));
    const { api, ports } = cluster;
    const folder = mkdtempSync(join(tmpdir(), "account-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "ca.crt"), authority.cert);
    writeFileSync(join(folder, "token"), "first");
    writeFileSync(join(folder, "namespace"), "ml\n");
    ports.serviceAccount = folder;
    ports.environment.set("KUBERNETES_SERVICE_HOST", "127.0.0.1");
    ports.environment.set("KUBERNETES_SERVICE_PORT", String(api.port));
    api.token = "first";
    api.apply("pods", pod("triton-0"));
    api.apply("pods", pod("other", "10.0.1.1", "other"));
    const finds = discover({ inCluster: true, namespaces: { names: [], ownNamespace: true } });
    await finds.count(1);
    expect(finds.addresses).toEqual(["10.0.0.1:8000", "10.0.0.1:8002"]);
    await api.asked(/watch=true/);
    writeFileSync(join(folder, "token"), "second");
    api.token = "second";
    api.endWatches();
    while (api.requests.filter((request) => request.includes("watch")).length < 2) {
      await ports.clock.armed();
      await ports.clock.pass(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(ports.failures).toEqual([]);
  });

  test("but there is none: that is told, and tried again", async () => {
    const { ports } = cluster;
    const finds = discover({ inCluster: true });
    await ports.clock.armed();
    expect(ports.failures).toEqual([expect.stringContaining("Cannot find the API server: expected api_server")]);
    await ports.clock.pass(30_000);
    await ports.clock.armed();
    expect([finds.all.length, ports.failures.length]).toEqual([0, 2]);
  });
});
