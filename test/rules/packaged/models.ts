import { on, type Scenario, type Stage } from "./scenario.ts";

/** What happens to the inventory of models. */
export const MODELS: readonly Scenario[] = [
  event("TritonModelLoaded", "a model comes", ({ triton }) => triton.load("evil")),
  event("TritonModelReloaded", "a model is loaded again", ({ triton }) => triton.load("bert")),
  event("TritonModelUnloaded", "a model goes", ({ triton }) => triton.unload("bert")),
  event("TritonModelUnloaded", "a model does not come back after a restart", ({ triton }) => {
    triton.unload("bert");
    triton.restart();
  }),
  event("TritonModelVersionChanged", "version 2 takes the place of version 1", ({ triton }) => {
    triton.load("bert", "2");
    triton.unload("bert");
  }),
  event("TritonModelFlashed", "a model comes and goes between two scrapes", ({ triton }) => {
    triton.load("evil");
    triton.unload("evil");
  }),
  ...["Loaded", "Reloaded", "Unloaded", "VersionChanged", "Flashed"].flatMap((what) => [
    quiet(what, "nothing happens but traffic", (stage) => stage.pass(60)),
    quiet(what, "the target is down for a while", (stage) => stage.pass(20).down(5).pass(20)),
    quiet(what, "the server restarts with the same models", (stage) => {
      stage.pass(20);
      stage.triton.restart();
      return stage.pass(20);
    }),
  ]),
  {
    alert: "TritonModelSwapSuspected",
    story: "a model is loaded again and computes three times longer, alone",
    fires: true,
    play: swap({ bert: { us: 6_000 } }, true),
  },
  {
    alert: "TritonModelSwapSuspected",
    story: "a model is loaded again and fails a third of its requests, alone",
    fires: true,
    play: swap({ bert: { requests: 14, failures: 7 } }, true),
  },
  {
    alert: "TritonModelSwapSuspected",
    story: "a model is loaded again and all models compute three times longer",
    fires: false,
    play: swap({ bert: { us: 6_000 }, resnet: { us: 6_000 } }, true),
  },
  {
    alert: "TritonModelSwapSuspected",
    story: "a model is loaded again and all models fail",
    fires: false,
    play: swap({ bert: { requests: 14, failures: 7 }, resnet: { requests: 14, failures: 7 } }, true),
  },
  {
    alert: "TritonModelSwapSuspected",
    story: "a model computes three times longer without having been loaded",
    fires: false,
    play: swap({ bert: { us: 6_000 } }, false),
  },
  {
    alert: "TritonModelSwapSuspected",
    story: "a model is loaded again and behaves as before",
    fires: false,
    play: swap({}, true),
  },
];

function event(alert: string, story: string, happens: (stage: Stage) => void): Scenario {
  const play = on((stage) => {
    stage.pass(20);
    happens(stage);
    return stage.pass(5);
  });
  return { alert, story, fires: true, play };
}

function quiet(what: string, story: string, play: (stage: Stage) => Stage): Scenario {
  return { alert: `TritonModel${what}`, story, fires: false, play: on(play) };
}

function swap(after: Parameters<Stage["pass"]>[1], loaded: boolean) {
  return on((stage) => {
    stage.pass(180);
    if (loaded) stage.triton.load("bert");
    return stage.pass(50, after);
  });
}
