import { onTestFinished } from "vitest";
import { makeDiscovery } from "../../../src/targets/discovery/index.ts";
import type { KubernetesDiscoveryOptions } from "../../../src/targets/job.ts";
import { FakeKubernetes, type KubernetesObject } from "../../support/fake-kubernetes.ts";
import { Finds, TestPorts } from "./ports.ts";

export type Options = Partial<Omit<KubernetesDiscoveryOptions, "kind">> & { readonly inCluster?: true };

/** A fake API server, and discoveries in it; all end with the test. */
export class Cluster {
  readonly ports = new TestPorts();
  readonly api: FakeKubernetes;

  private constructor(api: FakeKubernetes) {
    this.api = api;
  }

  static async start(...certificate: Parameters<typeof FakeKubernetes.start>): Promise<Cluster> {
    const api = await FakeKubernetes.start(...certificate);
    onTestFinished(() => api.close());
    return new Cluster(api);
  }

  discover({ inCluster, ...options }: Options = {}): Finds {
    const discovery = makeDiscovery(
      {
        kind: "kubernetes",
        role: "pod",
        ...(inCluster ? {} : { apiServer: this.api.url }),
        namespaces: { names: [], ownNamespace: false },
        selectors: [],
        http: {},
        ...options,
      },
      this.ports,
    );
    onTestFinished(() => discovery.stop());
    return new Finds(discovery);
  }
}

/** A running pod of one container with two ports. */
export const pod = (name: string, ip = "10.0.0.1", namespace = "ml"): KubernetesObject => ({
  metadata: {
    name,
    namespace,
    uid: `uid-${name}`,
    labels: { "app.kubernetes.io/name": "triton" },
    annotations: { "a/b": "<script>" },
    ownerReferences: [{ kind: "ReplicaSet", name: "triton-5d", controller: true }],
  },
  spec: {
    nodeName: "node-1",
    containers: [
      {
        name: "triton",
        image: "triton:25.01",
        ports: [
          { name: "http", containerPort: 8000, protocol: "TCP" },
          { name: "metrics", containerPort: 8002, protocol: "TCP" },
        ],
      },
    ],
  },
  status: {
    phase: "Running",
    podIP: ip,
    hostIP: "192.168.0.1",
    conditions: [{ type: "Ready", status: "True" }],
    containerStatuses: [{ name: "triton", containerID: "containerd://1" }],
  },
});
