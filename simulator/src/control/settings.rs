//! `/_amana/settings`.

use serde_json::Value;

use crate::http::input::{Input, Json};
use crate::http::namespace::In;
use crate::http::problem::Problem;
use crate::kernel::settings::Settings;

/// The settings.
pub async fn show(In(namespace): In) -> Result<Json<Settings>, Problem> {
    let settings = namespace.with(|sandbox| sandbox.settings().clone()).await?;
    Ok(Json(settings))
}

/// Changes the settings by a merge patch; answers the new ones.
pub async fn patch(
    In(namespace): In,
    Input(patch): Input<Value>,
) -> Result<Json<Settings>, Problem> {
    let settings = namespace
        .with(|sandbox| {
            sandbox.patch_settings(patch)?;
            Ok::<_, Problem>(sandbox.settings().clone())
        })
        .await??;
    Ok(Json(settings))
}
