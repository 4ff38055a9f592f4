//! `kill -9` at any moment under load: nothing acknowledged is lost, callbacks go on, and no
//! receiver can take one for another.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use amana_simulator::kernel::Random;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::mpsc;

use crate::kit::{Ack, Caller, Client, Limits, Receiver, Server, settings};

/// Servers that live and die side by side, each with a journal of its own.
const LANES: u64 = 4;
/// Who call a server at a time.
const CALLERS: usize = 4;
/// Acknowledgements after which a server under load is killed at the latest.
const GOAL_MAX: u64 = 24;
/// How often a server is killed under load before its namespace is brought to an end.
const LOADS: u32 = 3;
/// How often it is killed meanwhile.
const DRAINS: u32 = 2;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn killed_two_hundred_times_it_keeps_what_it_acknowledged() {
    let seed = amana_tests::seed();
    let lanes = (0..LANES).map(|lane| {
        tokio::spawn(async move {
            let folder = tempfile::tempdir().unwrap();
            let store = format!("sqlite:{}", folder.path().join("amana.db").display());
            Lane::new(seed ^ lane, store, folder)
                .await
                .run(200 / LANES)
                .await;
        })
    });
    for lane in lanes.collect::<Vec<_>>() {
        lane.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs PostgreSQL: run by `cargo xtask test`"]
async fn on_postgres_too_it_keeps_what_it_acknowledged() {
    let seed = amana_tests::seed();
    let lanes = (0..2).map(|lane| {
        tokio::spawn(async move {
            let folder = tempfile::tempdir().unwrap();
            let store = amana_tests::postgres().await;
            Lane::new(seed ^ lane, store, folder).await.run(10).await;
        })
    });
    for lane in lanes.collect::<Vec<_>>() {
        lane.await.unwrap();
    }
}

/// A journal and the servers that had it, one after the other.
struct Lane {
    random: Random,
    store: String,
    folder: TempDir,
    receiver: Receiver,
    story: Story,
    stories: u32,
}

/// What was acknowledged in the namespace that is in use.
struct Story {
    namespace: String,
    token: Option<String>,
    numbers: Arc<AtomicU32>,
    acknowledged: Vec<Ack>,
    correlations: Vec<String>,
    kills: u32,
}

impl Story {
    fn new(number: u32) -> Self {
        Self {
            namespace: format!("story-{number}"),
            token: None,
            numbers: Arc::default(),
            acknowledged: Vec::new(),
            correlations: Vec::new(),
            kills: 0,
        }
    }

    fn path(&self, what: &str) -> String {
        format!("/{}/{what}", self.namespace)
    }

    fn keep(&mut self, (ack, correlation): (Ack, Option<String>)) {
        self.acknowledged.push(ack);
        self.correlations.extend(correlation);
    }

    /// Everything that was acknowledged is there, and nothing contradicts itself.
    async fn check(&self, client: &Client) {
        client.check_invariants().await;
        let logged = correlations(client).await;
        for correlation in &self.correlations {
            assert!(logged.contains(correlation), "{correlation} is lost");
        }
        for ack in &self.acknowledged {
            ack.check(client).await;
        }
    }

    /// Every callback was delivered, each as one, and no other.
    async fn check_end(&self, client: &Client, receiver: &Receiver) {
        self.check(client).await;
        let list = client.get("/_amana/callbacks?limit=100000").await;
        let (mut messages, mut results) = (BTreeSet::new(), 0);
        for callback in list["callbacks"].as_array().unwrap() {
            assert_eq!(callback["state"], "delivered", "{callback}");
            let url = callback["url"].as_str().unwrap();
            if url.ends_with(&self.path("hook")) {
                messages.insert(format!("msg_{}", callback["id"].as_str().unwrap()));
            }
            results += usize::from(url.ends_with(&self.path("result")));
        }
        let received = receiver.bodies(&self.path("hook"));
        assert_eq!(received.keys().cloned().collect::<BTreeSet<_>>(), messages);
        let pushed = receiver.bodies(&self.path("result"));
        assert_eq!(pushed.len(), results);
        for ack in &self.acknowledged {
            let told = match ack {
                Ack::Push(id) => pushed.contains_key(id),
                Ack::Checkout(id) => received.values().any(|body| body.contains(id)),
                Ack::Contract(_) | Ack::Named(..) | Ack::Texted(..) => true,
            };
            assert!(told, "nobody was told of {ack:?}");
        }
    }
}

/// The correlations of all requests that were answered.
async fn correlations(client: &Client) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut since = 0;
    loop {
        let path = format!("/_amana/events?type=http.answered&limit=1000&since={since}");
        let page = client.get(&path).await;
        let events = page["events"].as_array().unwrap();
        let of = |event: &Value| event["correlation"].as_str().unwrap().to_owned();
        found.extend(events.iter().map(of));
        since = page["next"].as_u64().unwrap();
        if events.is_empty() {
            return found;
        }
    }
}

impl Lane {
    async fn new(seed: u64, store: String, folder: TempDir) -> Self {
        Self {
            random: Random::at(seed, 0),
            store,
            folder,
            receiver: Receiver::start().await,
            story: Story::new(0),
            stories: 0,
        }
    }

    async fn run(mut self, kills: u64) {
        for _ in 0..kills {
            let server = self.start().await;
            let client = server.client(&self.story.namespace);
            self.story.check(&client).await;
            match self.story.kills < LOADS {
                true => self.load(server, client).await,
                false => self.drain(server, client).await,
            }
        }
        // What is still open in the end comes to its end as well.
        let server = self.start().await;
        let client = server.client(&self.story.namespace);
        self.end(&client).await;
        server.stop().await;
    }

    /// On the clock of the machine, so that callbacks fall due whenever they like.
    async fn start(&self) -> Server {
        let clock = ["--clock", "real"];
        Server::start_with(&self.store, self.folder.path(), &clock, Limits::None).await
    }

    /// Several call at once; the server is killed after some have been answered.
    async fn load(&mut self, server: Server, client: Client) {
        let client = client.with_token(&self.token(&client).await);
        let (sender, mut acknowledged) = mpsc::unbounded_channel();
        let callers: Vec<_> = (0..CALLERS)
            .map(|_| {
                let caller = Caller {
                    client: client.clone(),
                    callback_url: self.receiver.url(&self.story.path("result")),
                    numbers: Arc::clone(&self.story.numbers),
                    acknowledged: sender.clone(),
                };
                tokio::spawn(caller.run())
            })
            .collect();
        drop(sender);
        for _ in 0..self.random.below(GOAL_MAX) {
            match acknowledged.recv().await {
                Some(ack) => self.story.keep(ack),
                None => break,
            }
        }
        server.kill().await;
        for caller in callers {
            caller.await.unwrap();
        }
        while let Some(ack) = acknowledged.recv().await {
            self.story.keep(ack);
        }
        self.story.kills += 1;
    }

    /// The token of the namespace; sets it up the first time.
    async fn token(&mut self, client: &Client) -> String {
        if let Some(token) = &self.story.token {
            return token.clone();
        }
        let settings = settings(&self.receiver, &self.story.namespace);
        client.ok("PATCH", "/_amana/settings", &settings).await;
        let path = "/daraja/oauth/v1/generate?grant_type=client_credentials";
        let bought = client.get(path).await;
        let token = bought["access_token"].as_str().unwrap().to_owned();
        self.story.token = Some(token.clone());
        token
    }

    /// Time passes and callbacks go out; the server is killed after some have come.
    async fn drain(&mut self, server: Server, client: Client) {
        let last = self.story.kills >= LOADS + DRAINS;
        let goal = self.random.below(self.story.acknowledged.len() as u64 + 1);
        let killed = tokio::select! {
            () = self.end(&client) => false,
            () = self.receiver.comes(goal), if !last => true,
        };
        server.kill().await;
        self.story.kills += 1;
        if !killed {
            self.stories += 1;
            self.story = Story::new(self.stories);
        }
    }

    /// Lets everything happen that is to come, checks it all and removes the namespace.
    async fn end(&self, client: &Client) {
        let advance = json!({"by": "10m"});
        client.ok("POST", "/_amana/clock/advance", &advance).await;
        self.story.check_end(client, &self.receiver).await;
        let path = format!("/_amana/namespaces/{}", self.story.namespace);
        client.ok("DELETE", &path, &Value::Null).await;
    }
}
