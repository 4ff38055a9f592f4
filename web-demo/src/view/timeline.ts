// Everything that happened, newest first, each event with its data a click away.

import { timeOfDay } from "../format.js";
import type { Link } from "../log.js";
import type { SandboxEvent } from "../simulator.js";
import type { Ready } from "../store.js";
import { eventKind, isStory } from "../words.js";
import { create, icon, keyed, part, setHidden, setMark, setText } from "./dom.js";
import { renderProblem } from "./problem.js";

const LINKS: Record<Link, string> = {
  connecting: "connecting",
  streaming: "live",
  polling: "live, asked every second",
  offline: "not connected",
};

export function renderTimeline(root: HTMLElement, state: Ready): void {
  const story = state.timeline.filter((event) => isStory(event.type));
  const shown = state.showAll ? state.timeline : story;
  keyed(part(root, "events"), shown.toReversed(), ({ seq }) => String(seq), eventItem);
  setHidden(part(root, "empty"), shown.length > 0);
  setText(part(root, "show-story"), `The story (${story.length})`);
  setText(part(root, "show-all"), `Everything (${state.timeline.length})`);
  part(root, "show-story").setAttribute("aria-pressed", String(!state.showAll));
  part(root, "show-all").setAttribute("aria-pressed", String(state.showAll));
  setText(part(root, "link"), LINKS[state.link]);
  setMark(part(root, "link"), "link", state.link);
  renderProblem(part(root, "problem"), state.problems.timeline);
}

function eventItem({ at, type, summary, data }: SandboxEvent): HTMLElement {
  const time = create("time", "", timeOfDay(at));
  time.dateTime = at;
  const head = create(
    "summary",
    "",
    time,
    icon(eventKind(type)),
    create("span", "what", summary),
    create("code", "", type),
  );
  const details = create("details", "", head, create("pre", "", JSON.stringify(data, null, 2)));
  const item = create("li", "", details);
  item.dataset["kind"] = eventKind(type);
  item.dataset["type"] = type;
  return item;
}
