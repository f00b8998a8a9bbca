import type { Request, Response } from "express";
import type { z } from "zod";
import type { Answer, ErrorType } from "./envelope.ts";
import type { Parameters, Values } from "./parameters.ts";
import type { WebPorts } from "./ports.ts";

type Method = "GET" | "POST";

/** What a successful answer carries: data in the envelope, or another type of content as it is. */
export type Content =
  | {
      readonly kind: "json";
      readonly schema: z.ZodType;
      /** Warnings and infos may stand beside the data. */
      readonly noted?: boolean;
    }
  | { readonly kind: "other"; readonly types: readonly string[] };

/** One row of the route table: what is served, how it is described, and who serves it. */
export interface Route {
  readonly method: Method;
  /** As OpenAPI writes it: `/api/v1/models/{model}`. */
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly query: Parameters;
  /** What each variable of the path means. */
  readonly parts: Readonly<Record<string, string>>;
  readonly content: Content;
  /** Further answers of its own. */
  readonly errors: readonly ErrorType[];
  /** It changes something: it wants a token, and it takes this body. */
  readonly action: { readonly body: z.ZodType | undefined } | undefined;
  /** It only reads, and takes its parameters as a form too. */
  readonly form?: boolean;
  serve(ports: WebPorts, ask: Ask<Parameters>, response: Response): Promise<Answer<unknown> | undefined>;
}

/** What is asked, read and checked. */
interface Ask<Query extends Parameters, Body = unknown> {
  readonly query: Values<Query>;
  /** The variables of the path, decoded. */
  readonly parts: Readonly<Record<string, string>>;
  readonly body: Body;
  /** The name of the token; "" where none is asked for. */
  readonly who: string;
  readonly request: Request;
}

interface About {
  readonly path: string;
  readonly id: string;
  readonly summary: string;
  readonly parts?: Readonly<Record<string, string>>;
  readonly errors?: readonly ErrorType[];
}

interface Reading<Q extends Parameters, T> extends About {
  readonly query?: Q;
  readonly answer: z.ZodType<T>;
  answers(ports: WebPorts, ask: Ask<Q>): Answer<T> | Promise<Answer<T>>;
}

/** A route that reads: GET, answered in the envelope. */
export function reads<T, Q extends Parameters = Record<never, never>>(about: Reading<Q, T>): Route {
  const { answer, answers, query, parts = {}, errors = [], ...rest } = about;
  return {
    ...rest,
    method: "GET",
    query: query ?? {},
    parts,
    errors,
    content: { kind: "json", schema: answer },
    action: undefined,
    serve: async (ports, ask) => answers(ports, ask as Ask<Q>),
  };
}

/** A route that reads what a query asks: by GET, or by POST with the parameters as a form, as Prometheus' API takes them. */
export function queries<T, Q extends Parameters>(about: Reading<Q, T>): readonly Route[] {
  const get = reads(about);
  const route: Route = { ...get, content: { kind: "json", schema: about.answer, noted: true } };
  return [route, { ...route, id: `${route.id}ByForm`, method: "POST", form: true }];
}

interface Changing<Body, T> extends About {
  readonly body: z.ZodType<Body>;
  readonly answer: z.ZodType<T>;
  changes(ports: WebPorts, ask: Ask<Parameters, Body>): Promise<Answer<T>>;
}

/** A route that changes something: POST with a token and a JSON body, answered in the envelope. */
export function changes<Body, T>(about: Changing<Body, T>): Route {
  const { answer, body, changes: change, parts = {}, errors = [], ...rest } = about;
  return {
    ...rest,
    method: "POST",
    query: {},
    parts,
    errors,
    content: { kind: "json", schema: answer },
    action: { body },
    serve: (ports, ask) => change(ports, ask as Ask<Parameters, Body>),
  };
}

interface Sending<Q extends Parameters> extends About {
  readonly types: readonly string[];
  readonly query?: Q;
  /** POST, with a token. */
  readonly mutates?: boolean;
  /** Sends the answer itself; what it returns is waited for. */
  sends(ports: WebPorts, ask: Ask<Q>, response: Response): unknown;
}

/** A route whose answer is no JSON envelope: a page, a text, a stream. */
export function sends<Q extends Parameters = Record<never, never>>(about: Sending<Q>): Route {
  const { types, sends: send, query, mutates = false, parts = {}, errors = [], ...rest } = about;
  return {
    ...rest,
    method: mutates ? "POST" : "GET",
    query: query ?? {},
    parts,
    errors,
    content: { kind: "other", types },
    action: mutates ? { body: undefined } : undefined,
    serve: async (ports, ask, response) => {
      await send(ports, ask as Ask<Q>, response);
      return undefined;
    },
  };
}
