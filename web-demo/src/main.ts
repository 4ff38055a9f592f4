// Starts the engine, makes the store, puts the two phones on the page, and follows the sandbox.

import { Effects } from "./effects.js";
import { engineVersion, loadEngine } from "./engine.js";
import { Gestures } from "./gestures.js";
import { SIDES } from "./parties.js";
import { Simulator } from "./simulator.js";
import { Store, type Side } from "./store.js";
import { renderClock } from "./view/clock.js";
import { renderEscrow } from "./view/escrow.js";
import { renderPhone } from "./view/phone.js";
import { renderBanner } from "./view/problem.js";
import { renderTimeline } from "./view/timeline.js";

const TICK_MS = 1000;

function hook(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`the page has no ${selector}`);
  return found;
}

/** Puts a handset into its place; both are the one drawn in index.html. */
function mountPhone(side: Side): HTMLElement {
  const template = hook('template[data-template="phone"]') as HTMLTemplateElement;
  const place = hook(`[data-phone="${side}"]`);
  place.append(template.content.cloneNode(true));
  place.querySelector("[data-part=name]")?.setAttribute("id", `${side}-name`);
  return place;
}

function mount(store: Store): void {
  const phones = SIDES.map((side) => ({ side, place: mountPhone(side) }));
  const [banner, clock, escrow, timeline] = [
    hook("[data-banner]"),
    hook("[data-clock]"),
    hook("[data-escrow]"),
    hook("[data-timeline]"),
  ];
  const render = (): void => {
    const { state } = store;
    renderBanner(banner, state, location.host);
    if (state.kind !== "ready") return;
    renderClock(clock, state);
    renderEscrow(escrow, state);
    for (const { side, place } of phones) renderPhone(place, side, state);
    renderTimeline(timeline, state);
  };
  store.addEventListener("changed", render);
  render();
}

async function start(): Promise<void> {
  const store = new Store();
  const effects = new Effects(store, new Simulator(document.baseURI));
  mount(store);
  try {
    await loadEngine();
  } catch (error) {
    const problem = { status: null, title: String(error), detail: null, field: null };
    store.dispatch({ type: "engine_failed", problem });
    return;
  }
  hook("[data-version]").textContent = ` (amana-wasm ${engineVersion()})`;
  store.dispatch({ type: "engine_ready" });
  new Gestures(store, effects).listen(document);
  setInterval(() => store.dispatch({ type: "ticked", pageNow: performance.now() }), TICK_MS);
  effects.follow();
}

void start();
