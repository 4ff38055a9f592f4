//! Every route of the server: those of the control API are in its own table.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use tower::Service;

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

/// Everything that is served, behind the choice of the namespace; cheap to clone.
#[derive(Debug, Clone)]
pub struct Front {
    app: App,
    routes: Router,
}

impl Front {
    /// Of this sandbox.
    pub fn new(app: App) -> Self {
        let routes = own().fallback(page).with_state(app.clone());
        Self { app, routes }
    }
}

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let Self { app, routes } = self.clone();
        Box::pin(async move { Ok(namespace::choose(&app, routes, request).await) })
    }
}
