// Two ways to do the same, measured in turns, so that what disturbs the machine disturbs both.

const ROUNDS = 12;
const ROUND_MS = 120;

/** The best round of each, in operations per second, as one line of JSON. */
export function compare(ours, peer) {
  const best = { value: 0, peer_value: 0 };
  // The first rounds are for the compilers.
  for (const counts of [false, false, ...Array(ROUNDS).fill(true)]) {
    const [value, peerValue] = [rate(ours), rate(peer)];
    if (!counts) continue;
    best.value = Math.max(best.value, value);
    best.peer_value = Math.max(best.peer_value, peerValue);
  }
  console.log(JSON.stringify(best));
}

function rate(operation) {
  const start = performance.now();
  let [count, elapsed] = [0, 0];
  while (elapsed < ROUND_MS) {
    for (let batch = 0; batch < 20; batch += 1) operation();
    count += 20;
    elapsed = performance.now() - start;
  }
  return (count * 1_000) / elapsed;
}
