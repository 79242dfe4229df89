//! A real browser against the real binary; everything is in `tests`.
