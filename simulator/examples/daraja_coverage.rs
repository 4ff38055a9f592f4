//! Prints the coverage table of `docs/providers/daraja.md`.

fn main() {
    print!("{}", amana_simulator::provider::daraja::coverage::table());
}
