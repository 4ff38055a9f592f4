//! Between HTTP and the sandbox: problems, bodies, queries, namespaces, requests as data, and
//! answers that do not arrive as they should.

pub mod exchange;
pub mod input;
pub mod line;
pub mod namespace;
pub mod path;
pub mod problem;
pub mod query;
pub mod reply;
