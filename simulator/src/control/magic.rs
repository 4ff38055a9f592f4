//! `GET /_amana/magic`.

use std::collections::BTreeMap;

use amana_core::Msisdn;
use schemars::JsonSchema;
use serde::Serialize;

use super::schema;
use crate::http::input::Json;
use crate::kernel::ServiceName;
use crate::kernel::magic::TABLE;
use crate::kernel::phone::{Action, Operation};
use crate::provider;

/// A row of the table of magic numbers.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MagicNumber")]
pub struct Row {
    #[schemars(with = "Option<schema::Phone>")]
    msisdn: Option<Msisdn>,
    operation: Operation,
    behaviour: Action,
    /// What each provider reports then, by its name.
    outcome_codes: BTreeMap<ServiceName, &'static [&'static str]>,
    description: &'static str,
}

/// What the magic numbers do.
pub async fn list() -> Json<Vec<Row>> {
    let operations = [Operation::Collect, Operation::PayOut];
    let rows = TABLE.iter().flat_map(|magic| {
        operations.map(|operation| {
            let behaviour = magic.action(operation);
            Row {
                msisdn: magic.digits().parse().ok(),
                operation,
                behaviour,
                outcome_codes: outcome_codes(behaviour, operation),
                description: magic.description,
            }
        })
    });
    Json(rows.collect())
}

fn outcome_codes(
    action: Action,
    operation: Operation,
) -> BTreeMap<ServiceName, &'static [&'static str]> {
    let codes = provider::ALL
        .iter()
        .map(|provider| (provider.name(), provider.outcome_codes(action, operation)));
    codes.filter(|(_, codes)| !codes.is_empty()).collect()
}
