//! pyx: Python 3.14 in Rust. Embedding API.
