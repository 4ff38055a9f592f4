//! Every route of the server: those of the control API are in its own table.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};

use crate::app::App;
use crate::control::route::Route;
use crate::control::routes::ROUTES;
use crate::docs;
use crate::error::SandboxCode;
use crate::http::namespace;
use crate::http::problem::Problem;
use crate::http::query::Query;

/// The control API and the documents; everything else is a provider's, the payments API's or the
/// page's.
fn own() -> Router<App> {
    let documents = Router::new()
        .route("/docs", get(docs::page))
        .route("/docs/{document}", get(docs::document));
    ROUTES
        .iter()
        .fold(documents, |router, route| {
            router.route(route.path, handler(route))
        })
        .method_not_allowed_fallback(method_not_allowed)
}

/// Who answers a route. One that takes no parameters refuses them here, the others do it themselves.
fn handler(route: &Route) -> MethodRouter<App> {
    let handler = (route.handler)();
    match route.query {
        [] => handler.route_layer(middleware::from_fn(without_query)),
        _ => handler,
    }
}

async fn without_query(query: Query, request: Request, next: Next) -> Response {
    match query.finish() {
        Ok(()) => next.run(request).await,
        Err(error) => Problem(error).into_response(),
    }
}

async fn page(State(app): State<App>, request: Request) -> Response {
    app.page(request).await
}

async fn method_not_allowed() -> Problem {
    Problem(SandboxCode::MethodNotAllowed.into())
}

/// All routes, behind the choice of the namespace.
pub fn build(app: App) -> Router {
    let routes = own().fallback(page).with_state(app.clone());
    // The namespace is taken off the path before anything is routed, so it wraps the routes rather
    // than being a layer of theirs.
    let choose = middleware::from_fn_with_state(app, namespace::choose);
    Router::new().fallback_service(tower::Layer::layer(&choose, routes))
}
