import { isIPv6 } from "node:net";
import { Labels } from "../../series/labels.ts";
import type { TargetGroup } from "./discovery.ts";
import {
  type Container,
  type EndpointAddress,
  type EndpointPort,
  type Endpoints,
  fullName,
  type Metadata,
  type Pod,
  type Service,
} from "./kubernetes-objects.ts";

type Pairs = [name: string, value: string][];

const META = "__meta_kubernetes_";
/** Labels, and as many annotations, of one object. */
const MAX_PAIRS = 256;

/** The targets of a pod: one a container port, one a container that names no port (Prometheus, discovery/kubernetes/pod.go). */
export function podGroup(pod: Pod): TargetGroup {
  const source = `pod/${fullName(pod.metadata)}`;
  const { podIP } = pod.status;
  // A pod that is starting or was evicted has no address.
  if (podIP === "") return { source, targets: [] };
  const common = Labels.from([[`${META}namespace`, pod.metadata.namespace], ...podPairs(pod)]);
  const targets = containersOf(pod).flatMap(({ container, init }) => {
    const of = containerPairs(pod, container, init);
    if (container.ports.length === 0) return [common.with(Labels.from([["__address__", podIP], ...of]))];
    return container.ports.map((port) =>
      common.with(Labels.from([["__address__", joined(podIP, port.containerPort)], ...of, ...portPairs(port)])),
    );
  });
  return { source, targets };
}

/**
 * The targets of a service's endpoints: one an address and port, with what is known of the pod behind it, and one for each
 * further container port of those pods (Prometheus, discovery/kubernetes/endpoints.go).
 */
export function endpointsGroup(
  endpoints: Endpoints,
  service: Service | undefined,
  podNamed: (name: string) => Pod | undefined,
): TargetGroup {
  const { namespace } = endpoints.metadata;
  const common = Labels.from([
    [`${META}namespace`, namespace],
    ...metadataPairs("endpoints", endpoints.metadata),
    ...(service === undefined ? [] : metadataPairs("service", service.metadata)),
  ]);
  const seen = new Map<Pod, number[]>();
  const targets: Labels[] = [];
  const add = (address: EndpointAddress, port: EndpointPort, ready: string) => {
    const pairs = addressPairs(address, port, ready);
    const ref = address.targetRef;
    const pod =
      ref?.kind === "Pod" ? podNamed(fullName({ namespace: ref.namespace || namespace, name: ref.name })) : undefined;
    if (pod !== undefined) {
      seen.set(pod, [...(seen.get(pod) ?? []), port.port]);
      pairs.push(...podPairs(pod), ...servedBy(pod, port));
    }
    targets.push(common.with(Labels.from(pairs)));
  };
  for (const { ports, addresses, notReadyAddresses } of endpoints.subsets) {
    for (const port of ports) {
      for (const address of addresses) add(address, port, "true");
      for (const address of notReadyAddresses) add(address, port, "false");
    }
  }
  for (const [pod, ports] of seen) targets.push(...otherPorts(pod, ports).map((labels) => common.with(labels)));
  return { source: `endpoints/${fullName(endpoints.metadata)}`, targets };
}

function addressPairs(
  { ip, hostname, nodeName, targetRef }: EndpointAddress,
  port: EndpointPort,
  ready: string,
): Pairs {
  return [
    ["__address__", joined(ip, port.port)],
    [`${META}endpoint_port_name`, port.name],
    [`${META}endpoint_port_protocol`, port.protocol || "TCP"],
    [`${META}endpoint_ready`, ready],
    [`${META}endpoint_address_target_kind`, targetRef?.kind ?? ""],
    [`${META}endpoint_address_target_name`, targetRef?.name ?? ""],
    [`${META}endpoint_node_name`, nodeName],
    [`${META}endpoint_hostname`, hostname],
  ];
}

/** The container of a pod that serves an endpoint's port. */
function servedBy(pod: Pod, { port }: EndpointPort): Pairs {
  for (const { container, init } of containersOf(pod)) {
    const served = container.ports.find(({ containerPort }) => containerPort === port);
    if (served !== undefined) return [...containerPairs(pod, container, init), ...portPairs(served)];
  }
  return [];
}

/** Targets for the container ports of a pod that are none of the endpoints' ports. */
function otherPorts(pod: Pod, known: readonly number[]): Labels[] {
  const { podIP } = pod.status;
  if (podIP === "") return [];
  return containersOf(pod).flatMap(({ container, init }) =>
    container.ports
      .filter(({ containerPort }) => !known.includes(containerPort))
      .map((port) =>
        Labels.from([
          ["__address__", joined(podIP, port.containerPort)],
          ...podPairs(pod),
          ...containerPairs(pod, container, init),
          ...portPairs(port),
        ]),
      ),
  );
}

function podPairs({ metadata, spec, status }: Pod): Pairs {
  const owner = metadata.ownerReferences.find(({ controller }) => controller === true);
  const ready = status.conditions.find(({ type }) => type === "Ready")?.status.toLowerCase() ?? "unknown";
  return [
    [`${META}pod_ip`, status.podIP],
    [`${META}pod_ready`, ready],
    [`${META}pod_phase`, status.phase],
    [`${META}pod_node_name`, spec.nodeName],
    [`${META}pod_host_ip`, status.hostIP],
    [`${META}pod_uid`, metadata.uid],
    [`${META}pod_controller_kind`, owner?.kind ?? ""],
    [`${META}pod_controller_name`, owner?.name ?? ""],
    ...metadataPairs("pod", metadata),
  ];
}

function containerPairs({ status }: Pod, { name, image }: Container, init: boolean): Pairs {
  const statuses = init ? status.initContainerStatuses : status.containerStatuses;
  return [
    [`${META}pod_container_name`, name],
    [`${META}pod_container_image`, image],
    [`${META}pod_container_init`, String(init)],
    [`${META}pod_container_id`, statuses.find((one) => one.name === name)?.containerID ?? ""],
  ];
}

const portPairs = ({ name, containerPort, protocol }: Container["ports"][number]): Pairs => [
  [`${META}pod_container_port_name`, name],
  [`${META}pod_container_port_number`, String(containerPort)],
  [`${META}pod_container_port_protocol`, protocol || "TCP"],
];

/** Name, labels and annotations of an object, as meta labels. */
function metadataPairs(role: "pod" | "service" | "endpoints", { name, labels, annotations }: Metadata): Pairs {
  const pairs: Pairs = [[`${META}${role}_name`, name]];
  for (const [kind, values] of [
    ["label", labels],
    ["annotation", annotations],
  ] as const) {
    for (const [key, value] of [...values].slice(0, MAX_PAIRS)) {
      const safe = key.slice(0, 512).replace(/[^a-zA-Z0-9_]/g, "_");
      pairs.push([`${META}${role}_${kind}_${safe}`, value], [`${META}${role}_${kind}present_${safe}`, "true"]);
    }
  }
  return pairs;
}

const containersOf = ({ spec }: Pod): { container: Container; init: boolean }[] => [
  ...spec.containers.map((container) => ({ container, init: false })),
  ...spec.initContainers.map((container) => ({ container, init: true })),
];

const joined = (ip: string, port: number): string => `${isIPv6(ip) ? `[${ip}]` : ip}:${port}`;
