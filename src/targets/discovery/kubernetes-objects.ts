import { z } from "zod";

/** Annotations hold whole manifests at times; what is longer than this is cut. */
const MAX_VALUE = 4_096;

/** A field that may be left out or null. */
const text = z
  .string()
  .nullish()
  .transform((value) => (value ?? "").slice(0, MAX_VALUE));
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);
const texts = z
  .record(z.string(), text)
  .nullish()
  .transform((value) => new Map(Object.entries(value ?? {})));

const metadata = z.object({
  name: z.string().min(1),
  namespace: text,
  uid: text,
  labels: texts,
  annotations: texts,
  ownerReferences: list(z.object({ kind: text, name: text, controller: z.boolean().nullish() })),
});
export type Metadata = z.output<typeof metadata>;

const container = z.object({
  name: text,
  image: text,
  ports: list(z.object({ name: text, containerPort: z.int(), protocol: text })),
});
export type Container = z.output<typeof container>;

const containerStatuses = list(z.object({ name: text, containerID: text }));

/** What targets are made of in a pod; everything else of it is left out. */
export const pod = z.object({
  metadata,
  spec: z.object({ nodeName: text, containers: list(container), initContainers: list(container) }),
  status: z.object({
    phase: text,
    podIP: text,
    hostIP: text,
    conditions: list(z.object({ type: text, status: text })),
    containerStatuses,
    initContainerStatuses: containerStatuses,
  }),
});
export type Pod = z.output<typeof pod>;

const address = z.object({
  ip: z.string(),
  hostname: text,
  nodeName: text,
  targetRef: z.object({ kind: text, name: text, namespace: text }).nullish(),
});
export type EndpointAddress = z.output<typeof address>;

const endpointPort = z.object({ name: text, port: z.int(), protocol: text });
export type EndpointPort = z.output<typeof endpointPort>;

/** The addresses behind a service. */
export const endpoints = z.object({
  metadata,
  subsets: list(z.object({ addresses: list(address), notReadyAddresses: list(address), ports: list(endpointPort) })),
});
export type Endpoints = z.output<typeof endpoints>;

/** A service, of which only the metadata is wanted. */
export const service = z.object({ metadata });
export type Service = z.output<typeof service>;

/** The name of an object within the cluster. */
export const fullName = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string =>
  `${namespace}/${name}`;
