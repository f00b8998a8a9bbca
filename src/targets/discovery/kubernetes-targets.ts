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
import { MAX_KUBERNETES_WEIGHT, targetWeight } from "./weight.ts";

type ContainerPort = Container["ports"][number];
type Pairs = [name: string, value: string][];

const META = "__meta_kubernetes_";
/** Labels and annotations of one object; each makes two labels, and a target may have those of three objects. */
const MAX_PAIRS = 80;
/** Containers of a pod, and targets it may make, of its own or behind a service. */
const MAX_CONTAINERS = 64;
const MAX_POD_TARGETS = 128;
/** The API server puts a thousand addresses into one object. */
const MAX_ENDPOINTS_TARGETS = 4_096;

/** The targets of a pod: one a container port, one a container that names no port (Prometheus, discovery/kubernetes/pod.go). */
export function podGroup(pod: Pod): TargetGroup {
  const source = `pod/${fullName(pod.metadata)}`;
  const { podIP } = pod.status;
  // A pod that is starting or was evicted has no address.
  if (podIP === "") return { source, targets: [] };
  const common = Labels.from([[`${META}namespace`, pod.metadata.namespace], ...podPairs(pod)]);
  const wanted = containersOf(pod).flatMap(({ container, init }) => {
    const ports: (ContainerPort | undefined)[] = container.ports.length === 0 ? [undefined] : container.ports;
    return ports.map((port) => ({ container, init, port }));
  });
  const targets = wanted.slice(0, MAX_POD_TARGETS).map(({ container, init, port }) => {
    const address = port === undefined ? podIP : joined(podIP, port.containerPort);
    const more = [...containerPairs(pod, container, init), ...(port === undefined ? [] : portPairs(port))];
    return common.with(Labels.from([["__address__", address], ...more]));
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
  let weight = 0;
  const isFull = () => targets.length >= MAX_ENDPOINTS_TARGETS || weight > MAX_KUBERNETES_WEIGHT;
  const add = (labels: Labels) => {
    if (isFull()) return;
    targets.push(labels);
    weight += targetWeight(labels);
  };
  for (const { address, port, ready } of served(endpoints)) {
    if (isFull()) break;
    const pairs = addressPairs(address, port, ready);
    const ref = address.targetRef;
    const pod =
      ref?.kind === "Pod" ? podNamed(fullName({ namespace: ref.namespace || namespace, name: ref.name })) : undefined;
    if (pod !== undefined) {
      seen.set(pod, [...(seen.get(pod) ?? []), port.port]);
      pairs.push(...podPairs(pod), ...servedBy(pod, port));
    }
    add(common.with(Labels.from(pairs)));
  }
  for (const [pod, ports] of seen) {
    if (isFull()) break;
    for (const labels of otherPorts(pod, ports)) add(common.with(labels));
  }
  return { source: `endpoints/${fullName(endpoints.metadata)}`, targets };
}

/** Each address with each port, the ready ones first. */
function* served({
  subsets,
}: Endpoints): Generator<{ readonly address: EndpointAddress; readonly port: EndpointPort; readonly ready: string }> {
  for (const { ports, addresses, notReadyAddresses } of subsets) {
    for (const port of ports) {
      for (const address of addresses) yield { address, port, ready: "true" };
      for (const address of notReadyAddresses) yield { address, port, ready: "false" };
    }
  }
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
  const others = containersOf(pod).flatMap(({ container, init }) =>
    container.ports
      .filter(({ containerPort }) => !known.includes(containerPort))
      .map((port) => ({ container, init, port })),
  );
  return others
    .slice(0, MAX_POD_TARGETS)
    .map(({ container, init, port }) =>
      Labels.from([
        ["__address__", joined(podIP, port.containerPort)],
        ...podPairs(pod),
        ...containerPairs(pod, container, init),
        ...portPairs(port),
      ]),
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

const portPairs = ({ name, containerPort, protocol }: ContainerPort): Pairs => [
  [`${META}pod_container_port_name`, name],
  [`${META}pod_container_port_number`, String(containerPort)],
  [`${META}pod_container_port_protocol`, protocol || "TCP"],
];

/** Name, labels and annotations of an object, as meta labels. */
function metadataPairs(role: "pod" | "service" | "endpoints", { name, labels, annotations }: Metadata): Pairs {
  const pairs: Pairs = [[`${META}${role}_name`, name]];
  const told = [
    ...[...labels].map(([key, value]) => ({ kind: "label", key, value })),
    ...[...annotations].map(([key, value]) => ({ kind: "annotation", key, value })),
  ];
  for (const { kind, key, value } of told.slice(0, MAX_PAIRS)) {
    const safe = key.slice(0, 512).replace(/[^a-zA-Z0-9_]/g, "_");
    pairs.push([`${META}${role}_${kind}_${safe}`, value], [`${META}${role}_${kind}present_${safe}`, "true"]);
  }
  return pairs;
}

const containersOf = ({ spec }: Pod): { container: Container; init: boolean }[] =>
  [
    ...spec.containers.map((container) => ({ container, init: false })),
    ...spec.initContainers.map((container) => ({ container, init: true })),
  ].slice(0, MAX_CONTAINERS);

const joined = (ip: string, port: number): string => `${isIPv6(ip) ? `[${ip}]` : ip}:${port}`;
