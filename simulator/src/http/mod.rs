//! Between HTTP and the sandbox: problems, bodies, queries, namespaces, and requests as data.

pub mod exchange;
pub mod input;
pub mod namespace;
pub mod problem;
pub mod query;
