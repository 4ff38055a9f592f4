//! What a handler answers, read off its own type: the table of routes cannot say anything else.

use axum::http::StatusCode;
use axum::response::Response;
use axum::response::sse::Sse;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::http::input::Json;
use crate::http::problem::Problem;

/// What can be answered.
pub trait Answers {
    /// Its schema, if it is JSON.
    fn schema(_: &mut SchemaGenerator) -> Option<Schema> {
        None
    }
}

impl<T: JsonSchema> Answers for Json<T> {
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        Some(generator.subschema_for::<T>())
    }
}

impl<T: Answers> Answers for (StatusCode, T) {
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        T::schema(generator)
    }
}

impl<T: Answers> Answers for Result<T, Problem> {
    fn schema(generator: &mut SchemaGenerator) -> Option<Schema> {
        T::schema(generator)
    }
}

impl Answers for StatusCode {}
impl Answers for Response {}
impl<S> Answers for Sse<S> {}

/// A handler with these arguments.
pub trait Handles<Arguments> {
    /// What it answers.
    type Answer: Answers;
}

macro_rules! handles {
    ($(($($argument:ident)*))*) => {$(
        impl<F, R, $($argument,)*> Handles<($($argument,)*)> for F
        where
            F: Fn($($argument),*) -> R,
            R: Future<Output: Answers>,
        {
            type Answer = R::Output;
        }
    )*};
}

handles! { () (A) (A B) (A B C) (A B C D) }

/// The schema of what this handler answers, if it is JSON.
pub fn schema_of<Arguments, H: Handles<Arguments>>(
    _: H,
    generator: &mut SchemaGenerator,
) -> Option<Schema> {
    H::Answer::schema(generator)
}
