// A refusal, in words, near where it happened; and the banner for what stops the whole page.

import type { Problem } from "../simulator.js";
import type { State } from "../store.js";
import { setHidden, setText } from "./dom.js";

export function renderProblem(element: HTMLElement, problem: Problem | undefined): void {
  setHidden(element, problem === undefined);
  if (problem !== undefined) setText(element, problemText(problem));
}

export function renderBanner(element: HTMLElement, state: State, address: string): void {
  const text = bannerText(state, address);
  setHidden(element, text === null);
  setText(element, text ?? "");
}

function problemText({ title, detail, field }: Problem): string {
  const reason = detail ?? title;
  const sentence = reason.charAt(0).toUpperCase() + reason.slice(1);
  const where = field === null ? "" : ` (${field})`;
  return `${sentence.replace(/\.$/, "")}${where}.`;
}

function bannerText(state: State, address: string): string | null {
  switch (state.kind) {
    case "starting":
      return null;
    case "broken":
      return `The engine could not be started. ${problemText(state.problem)}`;
    case "ready":
      return state.link === "offline"
        ? `The sandbox at ${address} does not answer. Start it with “cargo xtask demo”; ` +
            "this page goes on by itself as soon as it is back."
        : null;
  }
}
