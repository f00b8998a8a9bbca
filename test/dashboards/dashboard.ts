import { textOf } from "../house/sources.ts";

interface Datasource {
  readonly type: string;
  readonly uid: string;
}

/** A query of a panel. */
interface Target {
  readonly refId: string;
  readonly datasource: Datasource;
  readonly expr: string;
  readonly legendFormat: string;
  readonly instant: boolean;
  readonly range: boolean;
  readonly format?: string;
}

interface Override {
  readonly matcher: { readonly id: string; readonly options: string };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

/** A panel or a row. */
export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource?: Datasource;
  readonly targets?: readonly Target[];
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string; readonly noValue?: string };
    readonly overrides: readonly Override[];
  };
  readonly options?: { readonly legend?: { readonly showLegend: boolean } };
  readonly transformations?: readonly { readonly id: string; readonly options: Record<string, unknown> }[];
}

export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly datasource?: Datasource;
  readonly query: string | { readonly query: string };
  readonly refresh: number;
  readonly multi: boolean;
  readonly includeAll: boolean;
  readonly allValue?: string;
}

export interface Annotation {
  readonly name: string;
  readonly builtIn?: number;
  readonly datasource: Datasource;
  readonly expr?: string;
  readonly titleFormat?: string;
  readonly textFormat?: string;
  readonly tagKeys?: string;
  readonly useValueForTime?: boolean;
}

/** A dashboard as Grafana imports it, as far as the tests look at it. */
interface Dashboard {
  readonly id?: number;
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly editable: boolean;
  readonly __inputs?: unknown;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: { readonly list: readonly Annotation[] };
}

export const text: string = textOf("dashboards/triton-sentinel.json");
export const dashboard: Dashboard = JSON.parse(text);
/** What shows something: everything but rows. */
export const panels: readonly Panel[] = dashboard.panels.filter(({ type }) => type !== "row");
/** The variables that are asked of Prometheus. */
export const variables: readonly Variable[] = dashboard.templating.list.filter(({ type }) => type === "query");
/** The annotations that are asked of Prometheus. */
export const annotations: readonly (Annotation & { readonly expr: string })[] = dashboard.annotations.list.filter(
  (annotation): annotation is Annotation & { readonly expr: string } => annotation.expr !== undefined,
);

/** A query of a panel with a name to tell it by. */
export interface Query extends Target {
  readonly name: string;
  readonly panel: Panel;
}

/** Every query of every panel. */
export const queries: readonly Query[] = panels.flatMap((panel) =>
  (panel.targets ?? []).map((target) => ({ ...target, panel, name: `${panel.title}, ${target.refId}` })),
);

/** The labels a format such as `{{model}} on {{target}}` speaks of. */
export const labelsIn = (format: string): readonly string[] =>
  [...format.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, label]) => label!);
