// The sandbox clock: its time now, its mode, and what moving it was refused for.

import { day, timeOfDay } from "../format.js";
import { sandboxNow, type Ready } from "../store.js";
import { part, setDisabled, setText } from "./dom.js";
import { renderProblem } from "./problem.js";

export function renderClock(root: HTMLElement, state: Ready): void {
  const now = instantNow(state);
  setText(part(root, "time"), now === null ? "--:--:--" : timeOfDay(now));
  setText(part(root, "day"), now === null ? "sandbox time" : `${day(now)}, UTC`);
  setText(part(root, "mode"), modeText(state));
  for (const button of root.querySelectorAll("button")) {
    setDisabled(button, state.busy.has("clock"));
  }
  renderProblem(part(root, "problem"), state.problems.clock);
}

/** The sandbox's time now, as an instant; null until it was read. */
export function instantNow({ clock, pageNow }: Ready): string | null {
  return clock === null ? null : new Date(sandboxNow(clock, pageNow)).toISOString();
}

function modeText({ clock }: Ready): string {
  if (clock === null) return "";
  switch (clock.mode) {
    case "real":
      return "· runs in real time";
    case "frozen":
      return "· stands still";
    case "scaled":
      return `· runs ${clock.scale ?? 1} times as fast`;
  }
}
