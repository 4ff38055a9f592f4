//! A receiver of callbacks that notes what came under which id.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{HeaderMap, Uri};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// By path, then by id: the bodies that came.
type Seen = BTreeMap<String, BTreeMap<String, BTreeSet<String>>>;

/// A receiver on the loopback interface.
pub struct Receiver {
    url: String,
    seen: Arc<Mutex<Seen>>,
    count: watch::Receiver<u64>,
}

impl Receiver {
    /// Starts one that takes everything.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Seen::new()));
        let (counter, count) = watch::channel(0);
        let kept = Arc::clone(&seen);
        let take = move |uri: Uri, headers: HeaderMap, body: String| async move {
            let id = id_of(&headers, &body);
            let mut seen = kept.lock().unwrap();
            let here = seen.entry(uri.path().to_owned()).or_default();
            here.entry(id).or_default().insert(body);
            counter.send_modify(|count| *count += 1);
        };
        tokio::spawn(async { axum::serve(listener, Router::new().fallback(take)).await });
        Self { url, seen, count }
    }

    /// The address of this path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// The bodies that came to this path, by id. Each id has brought only one, however often.
    pub fn bodies(&self, path: &str) -> BTreeMap<String, String> {
        let seen = self.seen.lock().unwrap();
        let here = seen.get(path).cloned().unwrap_or_default();
        let one = |(id, bodies): (String, BTreeSet<String>)| {
            assert_eq!(bodies.len(), 1, "{id} came as different ones: {bodies:?}");
            (id, bodies.into_iter().next().unwrap())
        };
        here.into_iter().map(one).collect()
    }

    /// Waits until so many more have come.
    pub async fn comes(&self, more: u64) {
        let mut count = self.count.clone();
        let goal = *count.borrow() + more;
        count.wait_for(|count| *count >= goal).await.unwrap();
    }
}

/// What a receiver tells deliveries apart by: the id of the message, or of the order it is about.
fn id_of(headers: &HeaderMap, body: &str) -> String {
    if let Some(id) = headers.get("webhook-id") {
        return id.to_str().unwrap().to_owned();
    }
    let body: Value = serde_json::from_str(body).unwrap();
    let callback = &body["Body"]["stkCallback"];
    callback["CheckoutRequestID"].as_str().unwrap().to_owned()
}
