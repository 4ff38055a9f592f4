//! The USSD menu: a pure function from everything typed so far to the next screen.
//!
//! Gateways send the whole dialogue with each step, inputs joined by `*` (`1*2*1`), so nothing is
//! kept between steps: [`step`] walks the menu from its start each time.
//!
//! ```mermaid
//! stateDiagram-v2
//!   [*] --> Main
//!   Main --> List: my contracts, confirm, accept, report, status
//!   Main --> Help
//!   Main --> Main: other language
//!   List --> Details: my contracts, status
//!   List --> Sure: confirm, accept
//!   List --> Reason: report
//!   Details --> Sure: confirm, accept
//!   Details --> Reason: report
//!   Reason --> Typing: other
//!   Sure --> [*]: action
//!   Reason --> [*]: action
//!   Typing --> [*]: action
//! ```
//!
//! On every screen but the last `0` goes back and `00` to the main menu; on lists `98` shows more.
//! A wrong input shows the same screen again and says so.
//!
//! The host takes the [`View`] once, when the session begins, and passes the same one with each
//! step: numbers typed by the party mean the contracts as they were shown. An action is a wish, to
//! be decided like any other command; if it is refused, the host shows [`Screen::refused`] instead.

mod menu;
mod page;
mod text;
mod view;

pub use menu::step;
pub use page::{SCREEN_LEN_MAX, Screen, ScreenKind};
pub use view::{ContractLine, Offer, Standing, UssdAction, View, offers};
