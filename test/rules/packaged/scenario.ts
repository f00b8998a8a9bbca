import { Bench } from "../../monitor/bench.ts";
import { SimulatedTriton, type Traffic } from "../../monitor/simulated-triton.ts";

/** A short play with a simulated server, under the packaged rules. */
export interface Scenario {
  readonly alert: string;
  /** Of alerts with several rules: the label that tells them apart. */
  readonly resource?: string;
  /** What happens, in words. */
  readonly story: string;
  readonly fires: boolean;
  readonly play: () => Bench;
}

/** One server "gpu:8002" with models bert and resnet, under steady traffic with a little wobble. */
export class Stage {
  readonly bench: Bench;
  readonly triton: SimulatedTriton;
  #step = 0;

  constructor(every = 1, ...models: readonly string[]) {
    this.bench = new Bench({ every });
    this.triton = new SimulatedTriton(...(models.length > 0 ? models : ["bert", "resnet"]));
  }

  /**
   * Lets time pass: at each scrape every model is served what it usually is, but for what `other` says.
   * @param each called before each scrape with its number, from 0
   */
  pass(seconds: number, other: Readonly<Record<string, Traffic>> = {}, each: (i: number) => void = () => {}): this {
    const { every } = this.bench;
    for (let i = 0; i < seconds / every; i++) {
      each(i);
      for (const model of ["bert", "resnet"]) {
        if (this.triton.model(model)) this.triton.serve(model, { ...this.#usual(), ...other[model] });
      }
      this.bench.tick({ "gpu:8002": this.triton.page() });
      this.#step++;
    }
    return this;
  }

  /** Lets time pass as traffic changes with it. @param traffic by the seconds that have passed */
  each(seconds: number, traffic: (passed: number) => Readonly<Record<string, Traffic>>): this {
    const { every } = this.bench;
    for (let passed = 0; passed < seconds; passed += every) this.pass(every, traffic(passed));
    return this;
  }

  /** Scrapes that fail. */
  down(scrapes: number): this {
    for (let i = 0; i < scrapes; i++) this.bench.tick({ "gpu:8002": undefined });
    return this;
  }

  /** Twenty requests a second, more or less. */
  #usual(): Traffic {
    const wobble = this.#step % 5;
    return { requests: (18 + wobble) * this.bench.every, us: 1_960 + 20 * wobble };
  }
}

/** Plays on a new stage and hands over its bench. */
export const on =
  (play: (stage: Stage) => Stage, every = 1): (() => Bench) =>
  () =>
    play(new Stage(every)).bench;
